"""Both benchmarks, one after the other: `python benchmarks`, or `make bench`."""

import engine
import startup

if __name__ == "__main__":
    engine.main()
    print()
    startup.main()
