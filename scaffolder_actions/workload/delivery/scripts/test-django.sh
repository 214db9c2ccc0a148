# shellcheck shell=bash
if [[ -f pyproject.toml ]]; then
  python -m pip install --quiet --editable '.[test]'
else
  python -m pip install --quiet --requirement requirements.txt
fi
python manage.py test
