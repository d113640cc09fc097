#!/usr/bin/env bash
# The steps of training that want a GPU: training/gpu.sh PACKED.tar.xz OUT (PACKED is what pack.py made)
#
# Teaches a transformer the language, then to read, without the articles that the confidence is fitted on, and lets
# it read unlabelled ones: OUT/teacher0.silver is what train.sh learns from.
# Some eight minutes on an H100 with 16 cores. STEPS and MINUTES bound the first step.
set -euo pipefail
PACKED=$(realpath "$1") OUT=$(realpath "$2")
cd "$(dirname "$0")"
export PYTHONPATH=.:../src PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
D=$(mktemp -d)
S=$D/shared V=$D/vectors.npz
python3 -c "import tarfile,sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')" "$PACKED" "$D"
touch "$S"/text/*.jsonl # gzip knows no time before 1970
gzip -1 "$S"/text/*.jsonl
small() { xz -1 -c "$1" | split -b 15M - "$OUT/$(basename "$1").xz."; } # in parts: cat NAME.xz.* | xz -d
python3 masked.py "$S" "$V" "$D/masked.pt" --steps "${STEPS:-7000}" --minutes "${MINUTES:-60}" 2>&1 | tee "$OUT/log"
small "$D/masked.pt" &
teach() { # NAME OPTIONS: a teacher, and what it reads
  local name=$1
  shift
  python3 train_reader.py "$S" "$V" "$D/$name.pt" --encoder "$D/masked.pt" --marks marks.jsonl \
    --epochs 6 --per 16 --lr 1e-3 --device cuda "$@"
  small "$D/$name.pt"
  python3 silver.py "$S" "$D/$name.pt" "$D/$name.silver" --marks marks.jsonl --articles 10000 --device cuda
  small "$D/$name.silver"
  echo "-- $name after $SECONDS s"
}
teach teacher0 --fold 0/8 --most 2530 2>&1 | tee -a "$OUT/log"
wait
ls -l "$OUT"
