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
network() { # NAME OPTIONS: the network alone
  local name=$1
  shift
  $PY train_reader.py "$SHARED" $W/vectors.npz "$W/$name.pt" --marks marks.jsonl --context 64 "$@" > "$W/$name.log"
}
learn() { # NAME OPTIONS-OF-ALL -- OPTIONS-OF-THE-FIRST -- OPTIONS-OF-BOTH
  local name=$1 all=() first=()
  shift
  while [ "$1" != -- ]; do all+=("$1"); shift; done
  shift
  while [ "$1" != -- ]; do first+=("$1"); shift; done
  shift
  # first with an LSTM above, then the cheaper layer in its place, which so learns in fewer rounds
  network "$name-lstm" --upper lstm --encoder $W/encoder.pt "${all[@]}" "${first[@]}" "$@"
  network "$name" --from "$W/$name-lstm.pt" --epochs 6 --lr 0.0015 "${all[@]}" "$@"
  all+=(--marks marks.jsonl)
  $PY train_act.py "$SHARED" "$W/$name.pt" "$W/$name.act.pt" "${all[@]}" >> "$W/$name.log"
  $PY train_act_words.py "$SHARED" $W/vectors.npz "$W/$name.act.npz" "${all[@]}" >> "$W/$name.log"
  $PY export.py "$W/$name.pt" "$W/$name.act.pt" "$W/$name.act.npz" "$W/$name.npz" --version "$name"
}
# one that has not seen an eighth of the gold and the last of the marks, for the confidence; and the one that ships
learn unseen --fold 0/8 --most 2530 -- --epochs 9 -- &
learn reader --fold all -- --epochs 8 --lr 0.0023 -- --per 8
wait $!  # with its exit status
$PY calibrate.py "$SHARED" $W/calibration.json $W/unseen.npz:0/8 $W/unseen.npz:2530-3838 --marks marks.jsonl | tee $W/calibration.log
$PY export.py $W/reader.pt $W/reader.act.pt $W/reader.act.npz ../src/qawl/reader/data/reader.npz \
  --version "${VERSION:-4}" --calibration $W/calibration.json
