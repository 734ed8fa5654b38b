#!/usr/bin/env bash
# The runtime, with what it logs also in a file. Miniflare holds logs back until the runtime listens, and one that dies
# of a failpoint while it starts never does.
exec "$QIANGDUI_RUNTIME" "$@" > >(exec tee -a "$QIANGDUI_RUNTIME_LOG")
