"""Says in plain words when this Python is too old. Runs on any Python 3, before anything is installed."""

import sys

if sys.version_info < (3, 11):
    sys.exit("错误：当前 Python 是 %d.%d.%d，需要 3.11 以上。装好后可用 make PYTHON=python3.12 指定。" % sys.version_info[:3])
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("错误：缺少 venv 模块。Debian、Ubuntu 上先运行：sudo apt-get install python3-venv")
