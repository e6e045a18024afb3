# 所有命令都经过这里；持续集成也只调用这些命令。
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
FORMAT ?= text
export NO_MKDOCS_2_WARNING := 1
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve build check new test bench proof lock clean

help: ## 显示本说明
	@echo "用法：make 命令"
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/'

$(VENV)/site.stamp: requirements.lock pyproject.toml tools/ensure_python.py
	@$(PYTHON) tools/ensure_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "正在安装所需的程序包……"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/site.stamp
	@echo "正在安装测试所需的程序包……"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

serve: $(VENV)/site.stamp ## 生成网站并在 http://127.0.0.1:8000 预览，改动后自动更新
	@echo "网站地址：http://127.0.0.1:$(PORT)/"
	@$(BIN)/python -m mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: $(VENV)/site.stamp ## 生成网站到 site/（可加 UNIT=单位全称 YEAR=2027）
	@$(BIN)/python -m mkdocs build --clean
	@echo "网站已生成在 site/，用浏览器打开 site/index.html 即可"

check: $(VENV)/site.stamp ## 检查模板和数据文件（FILES=路径 只看其中几个）
	@$(BIN)/plans check --format $(FORMAT) $(FILES)

new: $(VENV)/site.stamp ## 生成空模板：make new SECTOR=school KIND=special-plan NAME=women-plan
	@$(BIN)/plans new --sector "$(SECTOR)" --kind "$(KIND)" --name "$(NAME)"

test: $(VENV)/dev.stamp ## 运行全部测试（包括真实浏览器中的测试）
	@$(BIN)/python tools/ensure_browser.py
	@$(BIN)/plans check
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS)

bench: $(VENV)/dev.stamp ## 测量生成和检查的时间、大小
	@$(BIN)/python -m bench $(ARGS)

proof: $(VENV)/dev.stamp ## 用 LibreOffice 核对 Word 版面（每页行数、每行字数）
	@$(BIN)/python -m bench.docx_layout $(ARGS)

lock: $(VENV)/dev.stamp ## 重新锁定程序包版本
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
			--python-version 3.11.0 $$name.in -o $$name.lock; done

clean: ## 删除生成的文件和 .venv
	rm -rf site $(VENV) build *.egg-info
