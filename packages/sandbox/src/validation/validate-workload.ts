import { isDeepStrictEqual } from 'node:util';
import { type JsonRecord, recordAt, stringAt } from '../json/record.ts';
import { isEmptySelector, parseLabelSelectorObject } from '../selectors/label-selector.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import type { FieldErrors } from './field-errors.ts';
import { validateLabels } from './validate-metadata.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

/** Deployments, ReplicaSets, StatefulSets and DaemonSets: a selector that is there, cannot change and matches the template; the template itself. */
export function validateWorkload(object: NewObject, before: KubeObject | undefined, errors: FieldErrors): void {
  const spec = recordAt(object, 'spec');
  for (const member of ['replicas', 'revisionHistoryLimit', 'minReadySeconds', 'progressDeadlineSeconds']) {
    validateCount(spec?.[member], `spec.${member}`, errors);
  }
  const selector = recordAt(spec, 'selector');
  if (selector === undefined) errors.required('spec.selector');
  else if (isEmptySelector(selector)) errors.invalid('spec.selector', selector, 'empty selector is invalid');
  const template = recordAt(spec, 'template');
  const labels = recordAt(template, 'metadata', 'labels');
  validateLabels(labels, 'spec.template.metadata.labels', errors);
  if (selector !== undefined && !isEmptySelector(selector)) {
    const matches = parseLabelSelectorObject(selector);
    if (matches === undefined) errors.invalid('spec.selector', selector, 'not a valid label selector');
    else if (!matches(stringMap(labels))) {
      errors.invalid('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`');
    }
  }
  validatePodSpec(recordAt(template, 'spec'), 'spec.template.spec', errors);
  const restartPolicy = stringAt(template, 'spec', 'restartPolicy');
  if (restartPolicy !== undefined && restartPolicy !== 'Always') {
    errors.unsupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
  }
  validateStrategy(recordAt(spec, 'strategy'), errors);
  validateDeadline(spec, errors);
  if (before !== undefined && !isDeepStrictEqual(recordAt(before, 'spec', 'selector'), selector)) {
    errors.invalid('spec.selector', selector ?? null, 'field is immutable');
  }
}

function validateCount(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'number' && value < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
}

function validateStrategy(strategy: JsonRecord | undefined, errors: FieldErrors): void {
  if (strategy === undefined) return;
  if (strategy.type !== 'RollingUpdate' && strategy.type !== 'Recreate') {
    errors.unsupported('spec.strategy.type', strategy.type, ['Recreate', 'RollingUpdate']);
  }
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  }
  const { maxSurge, maxUnavailable } = recordAt(strategy, 'rollingUpdate') ?? {};
  const isZero = (value: unknown) => value === 0 || value === '0%';
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    errors.invalid('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
}

function validateDeadline(spec: JsonRecord | undefined, errors: FieldErrors): void {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec ?? {};
  if (typeof deadline === 'number' && typeof ready === 'number' && deadline <= ready) {
    errors.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  }
}

function stringMap(labels: JsonRecord | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, String(value)]));
}
