"""A Typer app that does nothing, written the ordinary way: the yardstick of startup.py.

It has as many commands as `restructure`; startup.py stops if the numbers differ.
"""

import typer

app = typer.Typer()


@app.command()
def compare(name: str = "loan") -> None:
    """Print a line."""
    print(f"compare {name}")


@app.command()
def schedule(name: str = "loan") -> None:
    """Print a line."""
    print(f"schedule {name}")


@app.command()
def status(name: str = "loan") -> None:
    """Print a line."""
    print(f"status {name}")


@app.command()
def account(name: str = "loan") -> None:
    """Print a line."""
    print(f"account {name}")


@app.command()
def solve(name: str = "loan") -> None:
    """Print a line."""
    print(f"solve {name}")


@app.command()
def measures(name: str = "loan") -> None:
    """Print a line."""
    print(f"measures {name}")


@app.command("yield")
def yield_(name: str = "loan") -> None:
    """Print a line."""
    print(f"yield {name}")


@app.command()
def afford(name: str = "loan") -> None:
    """Print a line."""
    print(f"afford {name}")


@app.command()
def advise(name: str = "loan") -> None:
    """Print a line."""
    print(f"advise {name}")


@app.command()
def completion(name: str = "loan") -> None:
    """Print a line."""
    print(f"completion {name}")


@app.command()
def batch(name: str = "loan") -> None:
    """Print a line."""
    print(f"batch {name}")


@app.command()
def sample(name: str = "loan") -> None:
    """Print a line."""
    print(f"sample {name}")


@app.command()
def letter(name: str = "loan") -> None:
    """Print a line."""
    print(f"letter {name}")


@app.command()
def report(name: str = "loan") -> None:
    """Print a line."""
    print(f"report {name}")


@app.command()
def triage(name: str = "loan") -> None:
    """Print a line."""
    print(f"triage {name}")


def main() -> None:
    """Run the app."""
    app()
