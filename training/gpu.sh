#!/usr/bin/env bash
# The steps of training that want a GPU: training/gpu.sh PACKED.tar.xz PIECES.pt OUT
#
# PACKED is what pack.py made, PIECES what pieces.py did. The pretrained encoder reads the news, learns to read, and
# reads unlabelled articles (OUT/teacher.silver.xz.*), while the small reader begins to learn beside it (OUT/begun.pt).
# Eight minutes on an H100 with 16 cores; ADAPT, TEACH and BEGIN bound the three trainings, in minutes. LIMIT=40 and
# DEVICE=cpu try it out.
set -euo pipefail
PACKED=$(realpath "$1") PIECES=$(realpath "$2") OUT=$(realpath "$3")
cd "$(dirname "$0")"
export PYTHONPATH=.:../src PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
D=${WORK:-/tmp/qawl-training} DEVICE=${DEVICE:-cuda} LIMIT=${LIMIT:-}
S=$D/shared V=../src/qawl/reader/data/reader.npz
say() { echo "-- $* after $SECONDS s" | tee -a "$OUT/log"; }
learn() { # NAME OPTIONS: a reader
  python3 train_reader.py "$S" $V "$D/$1.part" --marks marks.jsonl --most 7266 --fold all --gold-times 2 --epochs 99 \
    --written "$D/written.jsonl" --device "$DEVICE" ${LIMIT:+--part 0.01} "${@:2}" > "$OUT/$1.log" 2>&1
  mv "$D/$1.part" "$D/$1.pt"
  say "$1"
}
mkdir -p "$D"
python3 -c "import tarfile,sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')" "$PACKED" "$D"
touch "$S"/text/*.jsonl # gzip knows no time before 1970
gzip -1f "$S"/text/*.jsonl
python3 ../tests/gold/compile.py --folder written --out "$D/written.jsonl"
say unpacked
rm -f "$D/adapted.pt"
python3 masked.py "$S" $V "$PIECES" "$D/adapted.pt" --device "$DEVICE" --minutes "${ADAPT:-1.5}" \
  ${LIMIT:+--limit 50 --steps 3 --blocks 2} > "$OUT/adapted.log" 2>&1 &
learn begun --from $V --per 12 --lr 2e-3 --minutes "${BEGIN:-5}" --learners 2 &
learn teacher --pieces "$PIECES" --adapted "$D/adapted.pt" --watch 64 --per 16 --lr 1e-3 --minutes "${TEACH:-3.6}"
python3 silver.py "$S" "$D/teacher.pt" "$D/teacher.silver" --marks marks.jsonl --articles "${LIMIT:-16000}" \
  --device "$DEVICE" > "$OUT/silver.log" 2>&1
say silver
wait
xz -1 -T4 -c "$D/teacher.silver" | split -b 15M - "$OUT/teacher.silver.xz."
cp "$D/begun.pt" "$OUT/"
ls -l "$OUT"
