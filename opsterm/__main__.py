"""`python -m opsterm`."""

import sys

from opsterm.cli import main

sys.exit(main())
