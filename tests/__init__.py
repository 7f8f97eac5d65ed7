"""How the template is tested: `docs/` tells what each part proves."""
