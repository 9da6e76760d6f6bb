# Short names for ./dev, which works without make too.
.PHONY: check setup run lint format test snapshots reference bench docs picture
.NOTPARALLEL:

check: lint test

setup lint reference:
	./dev $@

run:
	./dev run article

test:
	./dev test

format:
	./dev python -m ruff format
	./dev python -m ruff check --fix

# Accept what the screens look like now. Look at the difference first: a failing test leaves snapshot_report.html.
snapshots:
	./dev test tests/tui --snapshot-update

# One BLAS thread, and a malloc that keeps its pages: otherwise glibc's page faults are measured, not the code.
bench:
	OPENBLAS_NUM_THREADS=1 MALLOC_TRIM_THRESHOLD_=268435456 MALLOC_MMAP_THRESHOLD_=33554432 \
	MALLOC_TOP_PAD_=67108864 ./dev python -m benchmarks

# The tables in README.md and docs/.
docs:
	./dev python tools/docs.py

# The README's picture, of the real app.
picture:
	./dev python tools/picture.py
