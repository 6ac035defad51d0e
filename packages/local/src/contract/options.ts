import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import {
  DEFAULT_OBSERVE_EVERY_SECONDS,
  DEFAULT_PAGES_PORT,
  HIGHEST_PAGES_PORT,
  LONGEST_OBSERVE_EVERY_SECONDS,
} from './limits.ts';

/** What the command line asked for. Paths are absolute. */
export type Options = {
  /** The port of the pages; 0 picks free ones once and the data directory remembers them. */
  readonly port: number;
  readonly data: string;
  /** A real cluster instead of the sandbox. */
  readonly cluster: { readonly file: string; readonly context: string | undefined } | undefined;
  /** 0: the observer runs only when asked. */
  readonly observeEverySeconds: number;
  readonly readyFile: string | undefined;
  readonly quiet: boolean;
};

/** Either run with these options, or print this one text and leave with this exit code. */
export type CommandLine =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'answer'; readonly exitCode: 0 | 2; readonly text: string };

const EXIT_BAD_INPUT = 2;

function refuse(sentence: string): CommandLine {
  return { kind: 'answer', exitCode: EXIT_BAD_INPUT, text: sentence };
}

function createCommand(write: (text: string) => void): Command {
  return new Command('npm start --')
    .description(
      'Runs the whole of Countersign on this machine, with a sandbox cluster that has broken workloads in it.',
    )
    .option(
      '--port <number>',
      `port of the pages; the endpoint takes the next one; 0 picks free ones once`,
      String(DEFAULT_PAGES_PORT),
    )
    .option('--data <directory>', 'holds everything that must survive a restart', '.countersign')
    .option('--kubeconfig <file>', 'a real cluster instead of the sandbox')
    .option('--context <name>', 'the context of that file; its current one where none is named')
    .option(
      '--observe-every <seconds>',
      'pause between two looks at the cluster; 0 looks only when asked',
      String(DEFAULT_OBSERVE_EVERY_SECONDS),
    )
    .option('--ready-file <file>', 'written when everything answers: addresses, clients and passwords')
    .option('--quiet', 'print nothing but problems', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} });
}

/**
 * Reads the flags of the local contract.
 *
 * @param argv the arguments after the program's name
 * @param workingDirectory what relative paths are relative to
 * @returns never throws for what a person typed: bad input is an answer with exit code 2 and one sentence
 */
export function parseCommandLine(argv: readonly string[], workingDirectory: string): CommandLine {
  let help = '';
  const command = createCommand((text) => {
    help += text;
  });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem;
    if (problem.exitCode === 0) return { kind: 'answer', exitCode: 0, text: help.trimEnd() };
    return refuse(commanderSentence(problem, command));
  }
  return checkValues(command.opts(), workingDirectory);
}

function commanderSentence(problem: CommanderError, command: Command): string {
  const said = problem.message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  const allowed = command.options.map((option) => option.flags).join(', ');
  return `Cannot start: ${said}; allowed are ${allowed}.`;
}

type Typed = Partial<Record<'port' | 'data' | 'kubeconfig' | 'context' | 'observeEvery' | 'readyFile', string>> & {
  quiet?: boolean;
};

function checkValues(typed: Typed, workingDirectory: string): CommandLine {
  const port = wholeNumber(typed.port, HIGHEST_PAGES_PORT);
  if (port === undefined) {
    return refuse(
      `Cannot start: --port '${typed.port}' is not a port; allowed is a whole number from 0 to ${HIGHEST_PAGES_PORT} (0 picks free ones).`,
    );
  }
  const observeEverySeconds = wholeNumber(typed.observeEvery, LONGEST_OBSERVE_EVERY_SECONDS);
  if (observeEverySeconds === undefined) {
    return refuse(
      `Cannot start: --observe-every '${typed.observeEvery}' is not a pause in seconds; allowed is a whole number from 0 to ${LONGEST_OBSERVE_EVERY_SECONDS} (0 looks only when asked).`,
    );
  }
  if (!typed.data?.trim()) return refuse('Cannot start: --data is empty; allowed is the path of a directory.');
  if (typed.readyFile?.trim() === '')
    return refuse('Cannot start: --ready-file is empty; allowed is the path of a file.');
  if (typed.context !== undefined && typed.kubeconfig === undefined) {
    return refuse('Cannot start: --context is allowed only together with --kubeconfig, whose context it names.');
  }
  if (typed.kubeconfig?.trim() === '')
    return refuse('Cannot start: --kubeconfig is empty; allowed is the path of a file.');
  return {
    kind: 'run',
    options: {
      port,
      data: resolve(workingDirectory, typed.data),
      cluster:
        typed.kubeconfig === undefined
          ? undefined
          : { file: resolve(workingDirectory, typed.kubeconfig), context: typed.context },
      observeEverySeconds,
      readyFile: typed.readyFile === undefined ? undefined : resolve(workingDirectory, typed.readyFile),
      quiet: typed.quiet ?? false,
    },
  };
}

/** Digits only: Number() would also take '', ' 8 ', '0x50' and '1e3'. */
function wholeNumber(text: string | undefined, highest: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= highest ? value : undefined;
}
