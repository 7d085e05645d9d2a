"""The command line: what was typed becomes one verb, and what went wrong becomes one line and an exit status.

In: the words after `hostfall` or `python run_scenario.py`. Out: an exit status (0 done, 1 a claim failed
under `--strict`, 2 the input is wrong, 3 something broke, 130 interrupted).

A scenario file without a verb is run, so the shortest command is the main job. Nothing but click is imported
until a verb has been chosen: help has to come at once. Rejected: click's own handling of errors, which shows
a traceback for whatever it does not know and two lines of usage for a misspelt file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

import sim
from sim.errors import HostfallError, ModelInvariantError, ScenarioError
from sim.views import places
from sim.views.compare_verb import compare
from sim.views.explore_verb import explore
from sim.views.results_verb import results
from sim.views.sensitivity_verb import sensitivity
from sim.views.structure_verb import structure
from sim.views.sweep_verb import sweep
from sim.views.unravel_verb import unravel
from sim.views.verbs import VERBS

INPUT_IS_WRONG = 2
BROKEN = 3
INTERRUPTED = 130
PIPE_CLOSED = 141
"""128 + SIGPIPE: what a shell reports for a program whose reader has gone (`... | head`)."""

DEBUG = "HOSTFALL_DEBUG"


_COMMANDS = {
    **VERBS, "compare": compare, "structure": structure, "unravel": unravel,
    "sweep": sweep, "sensitivity": sensitivity, "explore": explore, "results": results,
}  # fmt: skip


class VerbOrFile(click.Group):
    """The verbs; a first word that is none of them is taken for a scenario file to run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are met, not by letter."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` in front of a file, or of options that only `run` has."""
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h", "--version", "--"}:
            if not args[0].startswith("-") and not places.looks_like_a_file(args[0]):
                raise click.UsageError(places.neither_verb_nor_file(args[0], list(self.commands)), ctx=ctx)
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=VerbOrFile,
    commands=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(sim.__version__, prog_name="hostfall", message="%(prog)s %(version)s")
@click.pass_context
def hostfall(ctx: click.Context) -> None:
    """How long is a platform down, and how many users does it lose, when a supplier stops serving it?

    FILE runs a scenario, the same as `run FILE`. Without anything: the scenarios that are here.
    """
    if ctx.invoked_subcommand is None:
        click.echo(places.scenarios_for_people(ctx.command_path))


def program_name() -> str:
    """How the command was called, as one would type it again."""
    called = Path(sys.argv[0]).name
    return f"python {sys.argv[0]}" if called.endswith(".py") else "hostfall"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; nothing but `HOSTFALL_DEBUG` lets a traceback out."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "≥" or "–" shows "?" rather than dying
    typed = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = hostfall.main(args=typed, prog_name=program_name(), standalone_mode=False, obj=typed)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt) as stop:
        return _say(_how_to_go_on(stop), INTERRUPTED)
    except click.ClickException as error:
        return _say(_usage(error), INPUT_IS_WRONG)
    except ModelInvariantError as error:
        return _broke(error)
    except ScenarioError as error:
        return _say(_problems(error), INPUT_IS_WRONG)
    except HostfallError as error:
        return _say(str(error), error.exit_status)
    except BrokenPipeError:
        # what is still buffered must go somewhere, else the interpreter complains at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # the outermost edge: what nobody expected ends in one line too
        return _broke(error)
    return status if isinstance(status, int) else 0


def _how_to_go_on(stop: BaseException) -> str:
    """What the study said when it was interrupted; click hides it behind an error of its own."""
    return str(stop) or str(stop.__context__ or "") or "Interrupted."


def _say(text: str, status: int) -> int:
    click.echo(text, err=True)
    return status


def _usage(error: click.ClickException) -> str:
    """One line: what is wrong, and which command's help says what is right."""
    message = " ".join(error.format_message().split())
    if isinstance(error, click.NoSuchOption):
        near = places.nearest(error.option_name, error.possibilities or ())
        message = f"There is no option {error.option_name}.{places.did_you_mean(near)}"
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else program_name()
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} (`{where} --help` lists what there is.)"


def _problems(error: ScenarioError) -> str:
    """Every problem on a line of its own, counted at the end where there are several."""
    lines = [str(problem) for problem in error.problems]
    if len(lines) > 1:
        lines.append(f"{len(lines)} problems; nothing was run.")
    return "\n".join(lines)


def _broke(error: Exception) -> int:
    """One line for a defect, and how to see where it is; the traceback itself if it was asked for."""
    if os.environ.get(DEBUG):
        raise error
    what = " ".join(str(error).split()) or "no message"
    kind = type(error).__name__
    if isinstance(error, OSError):
        return _say(f"The computer refused: {what}. ({DEBUG}=1 shows where.)", BROKEN)
    return _say(
        f"Something broke that is not your fault: {kind}: {what}. Please report it as the README says, "
        f"with the scenario file and what {DEBUG}=1 in front of the same command prints.",
        BROKEN,
    )


if __name__ == "__main__":
    sys.exit(main())
