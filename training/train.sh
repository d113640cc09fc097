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
learn() { # NAME FOLD OPTIONS
  local name=$1 fold=$2; shift 2
  $PY train_reader.py "$SHARED" $W/vectors.npz "$W/$name.pt" --encoder $W/encoder.pt --fold "$fold" "$@" > "$W/$name.log"
  $PY train_act.py "$SHARED" "$W/$name.pt" "$W/$name.act.pt" --fold "$fold" >> "$W/$name.log"
  $PY train_act_words.py "$SHARED" $W/vectors.npz "$W/$name.act.npz" --fold "$fold" >> "$W/$name.log"
  $PY export.py "$W/$name.pt" "$W/$name.act.pt" "$W/$name.act.npz" "$W/$name.npz" --version "$name"
}
# two teachers, each without an eighth of the gold, read unlabelled articles
learn teacher0 0/8 &
learn teacher4 4/8 --seed 2
wait $!  # with its exit status
$PY silver.py "$SHARED" $W/silver.pt $W/teacher0.npz $W/teacher4.npz --articles 10500 | tee $W/silver.log
$PY calibrate.py "$SHARED" $W/calibration.json $W/teacher0.npz:0/8 $W/teacher4.npz:4/8 | tee $W/calibration.log
# the shipped reader learns from all of gold and from what the teachers read
learn reader all --silver $W/silver.pt
$PY export.py $W/reader.pt $W/reader.act.pt $W/reader.act.npz ../src/qawl/reader/data/reader.npz \
  --version "${VERSION:-1}" --calibration $W/calibration.json
