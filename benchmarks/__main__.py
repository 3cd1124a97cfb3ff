"""`python -m benchmarks`: which benchmarks there are, and what each measures."""

import ast
from pathlib import Path

HERE = Path(__file__).parent

for file in sorted(HERE.glob("[a-z]*.py")):
    tree = ast.parse(file.read_text("utf-8"))
    if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
        print(f"python -m benchmarks.{file.stem:<10} {(ast.get_docstring(tree) or '').splitlines()[0]}")
