/** `countersign`: reads the flags, runs one command, prints what it answers. Exit codes: 0 all is well, 1 something is wrong, 2 bad input. */
import { runCommandLine } from './command-line.ts';

const { exitCode, out, error } = await runCommandLine(process.argv.slice(2), process.cwd());
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = exitCode;
