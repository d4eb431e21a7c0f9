"""`python -m opsterm`."""

import sys

from opsterm.cli.main import main

sys.exit(main())
