#!/usr/bin/env bash
# Makes src/qawl/reader/data/reader.npz from the shared data, with fixed seeds: training/train.sh ../shared
#
# Needs Python with torch 2.13 (CPU) and gensim: python -m venv work/venv &&
#   work/venv/bin/pip install torch==2.13.0 gensim scikit-learn && work/venv/bin/pip install -e .
# Takes about two hours on two cores. Every step's log is kept in work/.
set -euo pipefail
SHARED=$(realpath "${1:?give the folder of shared data}")
cd "$(dirname "$0")"
PY=${PY:-../work/venv/bin/python}
W=../work
export PYTHONPATH=. OMP_NUM_THREADS=1
mkdir -p $W
[ -f $W/corpus.txt ] || $PY corpus.py "$SHARED" $W/corpus.txt
[ -f $W/vectors.npz ] || $PY vectors.py $W/corpus.txt $W/vectors.npz | tee $W/vectors.log
[ -f $W/encoder.done ] || { $PY pretrain.py "$SHARED" $W/vectors.npz $W/encoder.pt --epochs 3 | tee $W/pretrain.log; touch $W/encoder.done; }
learn() { # FOLD NAME
  $PY train_reader.py "$SHARED" $W/vectors.npz "$W/$2.pt" --encoder $W/encoder.pt --fold "$1" > "$W/$2.log"
  $PY train_act.py "$SHARED" "$W/$2.pt" "$W/$2.act.pt" --fold "$1" >> "$W/$2.log"
  $PY train_act_words.py "$SHARED" $W/vectors.npz "$W/$2.act.npz" --fold "$1" >> "$W/$2.log"
}
# two folds to calibrate the confidence on, then all of the gold articles
for K in 0 4; do
  learn $K/8 fold$K
  $PY export.py $W/fold$K.pt $W/fold$K.act.pt $W/fold$K.act.npz $W/fold$K.npz --version fold$K
done
$PY calibrate.py "$SHARED" $W/calibration.json $W/fold0.npz:0/8 $W/fold4.npz:4/8 | tee $W/calibration.log
learn all reader
$PY export.py $W/reader.pt $W/reader.act.pt $W/reader.act.npz ../src/qawl/reader/data/reader.npz \
  --version "${VERSION:-1}" --calibration $W/calibration.json
