#!/bin/sh
# Makes clip.ivf: 600 frames of ffmpeg's own test pattern, so that nobody's film is needed. The clip is committed;
# run this only to change it (Debian: apt-get install ffmpeg). The MD5 of its decoded frames is in README.md.
set -e
cd "$(dirname "$0")"
ffmpeg -hide_banner -loglevel error -y -f lavfi -i testsrc=size=320x240:rate=25:duration=24 \
  -c:v libsvtav1 -preset 8 -crf 50 -g 300 -pix_fmt yuv420p -fflags +bitexact -flags:v +bitexact clip.ivf
