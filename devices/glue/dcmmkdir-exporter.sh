#!/bin/sh
# An exporter on dcmmkdir: dcmmkdir-exporter.sh FOLDER OUT. Files that dcmftest takes for DICOM are
# copied under the names that they have; their directory is written where they lie then.
set -eu
for file in "$1"/*; do
  if dcmftest "$file" >/dev/null 2>&1; then
    cp -- "$file" "$2/"
  fi
done
cd "$2"
exec dcmmkdir --no-recurse *
