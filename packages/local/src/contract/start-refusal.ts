/**
 * Why the program does not start, as one sentence for the person who started it. Told apart from a defect, whose
 * stack is worth printing.
 */
export type StartRefusal = Error & { readonly code: 'START_REFUSED' };

export function startRefusal(sentence: string): StartRefusal {
  return Object.assign(new Error(sentence), { code: 'START_REFUSED' as const });
}

export function isStartRefusal(problem: unknown): problem is StartRefusal {
  return problem instanceof Error && 'code' in problem && problem.code === 'START_REFUSED';
}
