#!/usr/bin/env bash
# Makes src/qawl/reader/data/reader.npz from the shared data, with fixed seeds: training/train.sh ../shared
#
# Needs Python with torch 2.13 (CPU) and gensim: python -m venv work/venv &&
#   work/venv/bin/pip install torch==2.13.0 gensim scikit-learn && work/venv/bin/pip install -e .
# and work/teacher0.silver, which gpu.sh makes on a machine with a GPU; says how where it is missing.
# Takes about five hours on two cores. Every step's log is kept in work/.
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
if [ ! -f $W/teacher0.silver ]; then
  $PY pack.py "$SHARED" $W/vectors.npz $W/packed.tar.xz
  echo "Now run training/gpu.sh PACKED.tar.xz OUT with work/packed.tar.xz where there is a GPU, and then here" \
    "cat OUT/teacher0.silver.xz.* | xz -d > work/teacher0.silver and this script again." >&2
  exit 1
fi
network() { # NAME OPTIONS: the network alone
  local name=$1
  shift
  $PY train_reader.py "$SHARED" $W/vectors.npz "$W/$name.pt" --marks marks.jsonl --context 64 "$@" > "$W/$name.log"
}
learn() { # NAME ROUNDS OPTIONS-OF-ALL
  local name=$1 rounds=$2
  shift 2
  # first with an LSTM above, then the cheaper layer in its place, which so learns in fewer rounds; then
  # from the teacher too
  network "$name-lstm" --upper lstm --encoder $W/encoder.pt --epochs 8 "$@"
  network "$name-gold" --from "$W/$name-lstm.pt" --afresh upper --epochs 6 --lr 0.0015 "$@"
  network "$name" --from "$W/$name-gold.pt" --silver $W/teacher0.silver --epochs "$rounds" --lr 0.001 --beside 12 "$@"
  $PY train_act.py "$SHARED" "$W/$name.pt" "$W/$name.act.pt" --marks marks.jsonl --silver $W/teacher0.silver "$@" >> "$W/$name.log"
  $PY train_act_words.py "$SHARED" $W/vectors.npz "$W/$name.act.npz" --marks marks.jsonl "$@" >> "$W/$name.log"
  $PY export.py "$W/$name.pt" "$W/$name.act.npz" "$W/$name.npz" --act "$W/$name.act.pt" --version "$name"
}
learn five 4 --fold all --most 3838
# a third layer, which goes on from that with all marks but those that the confidence is fitted on
network six --from $W/five.npz --third --fold all --most 7266 --epochs 8 --lr 0.0015 --learners 2
$PY train_act.py "$SHARED" $W/six.pt $W/six.act.pt --fold all --marks marks.jsonl --most 7266 --epochs 6
$PY export.py $W/six.pt $W/five.npz $W/six.npz --act $W/six.act.pt
$PY calibrate.py "$SHARED" $W/calibration.json $W/six.npz:7266-8062 --marks marks.jsonl | tee $W/calibration.log
$PY export.py $W/six.pt $W/five.npz ../src/qawl/reader/data/reader.npz \
  --act $W/six.act.pt --version "${VERSION:-6}" --calibration $W/calibration.json
