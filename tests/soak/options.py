"""What `make soak` may choose: SEED makes other files, COUNT more or fewer of them."""

from __future__ import annotations

import os

SEED = int(os.environ.get("SEED") or 20261129)
COUNT = int(os.environ.get("COUNT") or 0)  # 0: as many as the part finds right
