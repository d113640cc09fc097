#!/usr/bin/env bash
# Makes src/qawl/reader/data/reader.npz from the shared data, with fixed seeds: training/train.sh ../shared
#
# Needs Python with torch 2.13 (CPU) and gensim: python -m venv work/venv &&
#   work/venv/bin/pip install torch==2.13.0 gensim scikit-learn && work/venv/bin/pip install -e .
# Takes about three hours on two cores. Every step's log is kept in work/.
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
learn() { # NAME FOLD OPTIONS-OF-ALL -- OPTIONS-OF-THE-NETWORK
  local name=$1 fold=$2 all=()
  shift 2
  while [ "$1" != -- ]; do all+=("$1"); shift; done
  shift
  all+=(--fold "$fold" --marks marks.jsonl)
  $PY train_reader.py "$SHARED" $W/vectors.npz "$W/$name.pt" --encoder $W/encoder.pt "${all[@]}" "$@" > "$W/$name.log"
  $PY train_act.py "$SHARED" "$W/$name.pt" "$W/$name.act.pt" "${all[@]}" >> "$W/$name.log"
  $PY train_act_words.py "$SHARED" $W/vectors.npz "$W/$name.act.npz" "${all[@]}" >> "$W/$name.log"
  $PY export.py "$W/$name.pt" "$W/$name.act.pt" "$W/$name.act.npz" "$W/$name.npz" --version "$name"
}
# two teachers, each without an eighth of the gold and with the first of the marks, read unlabelled articles
learn teacher0 0/8 --most 676 -- &
learn teacher4 4/8 --most 676 -- --seed 2
wait $!  # with its exit status
for skip in 0 4000; do
  $PY silver.py "$SHARED" $W/silver.$skip.pt $W/teacher0.npz $W/teacher4.npz --articles 4000 --skip $skip --marks marks.jsonl | tee $W/silver.$skip.log
done
# how sure a statement is: fitted where the teachers learned nothing
$PY calibrate.py "$SHARED" $W/calibration.json $W/teacher0.npz:0/8 $W/teacher4.npz:4/8 $W/teacher4.npz:676-1276 --marks marks.jsonl | tee $W/calibration.log
# the shipped reader learns from all of gold, all marks and what the teachers read
learn reader all -- --silver $W/silver.0.pt $W/silver.4000.pt --beside 5 --epochs 8
$PY export.py $W/reader.pt $W/reader.act.pt $W/reader.act.npz ../src/qawl/reader/data/reader.npz \
  --version "${VERSION:-2}" --calibration $W/calibration.json
