import { describe, expect, it } from 'vitest';
import { findKind, unfitKind } from './find-kind.ts';
import { DEFAULT_READ_RULES } from './read-rules.ts';
import type { ServedKind } from './served-kind.ts';

const kind = (group: string, name: string, plural: string, more: Partial<ServedKind> = {}): ServedKind => ({
  apiVersion: group === '' ? 'v1' : `${group}/v1`,
  group,
  version: 'v1',
  kind: name,
  plural,
  singular: name.toLowerCase(),
  shortNames: [],
  namespaced: true,
  verbs: ['get', 'list'],
  ...more,
});
const KINDS: readonly ServedKind[] = [
  kind('', 'Pod', 'pods', { shortNames: ['po'] }),
  kind('', 'Secret', 'secrets'),
  kind('', 'Service', 'services', { shortNames: ['svc'] }),
  kind('', 'Event', 'events'),
  kind('events.k8s.io', 'Event', 'events'),
  kind('', 'Node', 'nodes', { namespaced: false }),
  kind('metrics.k8s.io', 'PodMetrics', 'pods'),
  kind('serving.knative.dev', 'Service', 'services'),
  kind('a.example', 'Widget', 'widgets', { shortNames: ['w'] }),
  kind('b.example', 'Widget', 'widgets'),
  kind('a.example', 'Gadget', 'gadgets'),
  kind('vault.example', 'Secret', 'vaultsecrets'),
  kind('copy.example', 'Copy', 'secrets'),
  kind('authorization.k8s.io', 'LocalSubjectAccessReview', 'localsubjectaccessreviews'),
  kind('a.example', 'Question', 'questions', { verbs: ['create'] }),
];
const found = (name: string, apiGroup?: string, rules = DEFAULT_READ_RULES) => {
  const result = findKind(KINDS, { kind: name, apiGroup }, rules);
  return result.ok ? result.value.apiVersion : result.refusal;
};

describe('a name', () => {
  it.each(['Pod', 'pods', 'pod', 'po'])(
    'such as %s is the Kind, the plural, the singular or the short name',
    (name) => {
      expect(found(name)).toBe('v1');
    },
  );
  it.each(['PODS', 'Pods', 'POD', 'podss', 'po.', 'p', 'constructor', '__proto__', 'toString'])(
    'such as %s is matched exactly or not at all',
    (name) => {
      expect(found(name)).toEqual({ code: 'target.kind_unknown', kind: name });
    },
  );

  it('of a built-in kind stays its own, whatever CRDs and aggregated APIs are installed', () => {
    expect(found('services')).toBe('v1');
    expect(found('pods')).toBe('v1');
    expect(found('Event')).toBe('v1');
    expect(found('services.serving.knative.dev')).toBe('serving.knative.dev/v1');
    expect(found('Service', 'serving.knative.dev')).toBe('serving.knative.dev/v1');
    expect(found('Pod', 'core')).toBe('v1');
    expect(found('Pod', '')).toBe('v1');
  });

  it('of several others is refused with those that it could be', () => {
    expect(found('Widget')).toEqual({
      code: 'target.kind_ambiguous',
      kind: 'Widget',
      candidates: ['widgets.a.example', 'widgets.b.example'],
    });
    expect(found('widgets.b.example')).toBe('b.example/v1');
    expect(found('w')).toBe('a.example/v1');
  });
});

describe('a Secret', () => {
  it.each(['Secret', 'secret', 'secrets', 'SECRETS', 'secrets.v1', 'secrets.copy.example', 'secret.x'])(
    'is refused as %s before the cluster is asked anything',
    (name) => {
      expect(unfitKind({ kind: name })).toMatchObject({ code: 'access.kind_denied', why: 'secret' });
    },
  );
  it.each(['secret/my-secret', 'secrets.v1.', 'pods,secrets', 'secrets ', ' secrets', 'ѕecrets', 'sec\u200brets'])(
    'is no kind as %j',
    (name) => {
      expect(unfitKind({ kind: name })).toMatchObject({ code: 'request.invalid' });
    },
  );
  it.each(['vaultsecrets', 'vaultsecrets.vault.example', 'Copy', 'localsubjectaccessreviews'])(
    'is not read as %s either, nor what hands credentials out',
    (name) => {
      expect(found(name)).toMatchObject({ code: 'access.kind_denied', why: 'secret' });
    },
  );
  it('is not read because a policy lists it', () => {
    const rules = { kinds: ['*', 'secrets', 'copy.example'], deniedKinds: [], clusterScoped: ['secrets'] };
    for (const name of ['secrets', 'Copy', 'vaultsecrets']) {
      expect(found(name, undefined, rules)).toMatchObject({ code: 'access.kind_denied', why: 'secret' });
    }
  });
});

describe('the policy', () => {
  it('lists kinds, and what it denies is denied though it is listed', () => {
    const rules = { kinds: ['pods', 'gadgets.a.example'], deniedKinds: ['gadgets.a.example'], clusterScoped: [] };
    expect(found('Pod', undefined, rules)).toBe('v1');
    expect(found('Gadget', undefined, rules)).toEqual({
      code: 'access.kind_denied',
      kind: 'gadgets.a.example',
      why: 'policy',
    });
    expect(found('services', undefined, rules)).toMatchObject({ why: 'policy' });
    expect(found('pods', undefined, { ...rules, deniedKinds: ['*'] })).toMatchObject({ why: 'policy' });
  });

  it('names each kind that lives in no namespace, for `*` means none of them', () => {
    expect(found('nodes')).toMatchObject({ code: 'access.kind_denied', why: 'cluster-scoped' });
    expect(found('nodes', undefined, { ...DEFAULT_READ_RULES, clusterScoped: ['nodes'] })).toBe('v1');
    const denied = { ...DEFAULT_READ_RULES, clusterScoped: ['nodes'], deniedKinds: ['nodes'] };
    expect(found('nodes', undefined, denied)).toMatchObject({ why: 'policy' });
  });

  it('cannot make readable what the cluster offers no way to read', () => {
    expect(found('questions')).toMatchObject({ code: 'access.kind_denied', why: 'verbs' });
  });
});

describe('what is no name', () => {
  it.each([
    '--server=https://127.0.0.1:1',
    '-shttps://x',
    '--as=system:admin',
    '',
    '.',
    'pods.',
    '.pods',
    'pods..apps',
    'pods/log',
    '../nodes',
    'pods?x=1',
    'pods#x',
    '%70ods',
    'pods;id',
    '$(id)',
    'po ds',
    'pods\n',
    'a'.repeat(64),
    `a.${'b.'.repeat(160)}c`,
    'x'.repeat(2_000_000),
  ])('is refused before the cluster is asked anything: %.30j', (name) => {
    expect(unfitKind({ kind: name })).toMatchObject({ code: 'request.invalid' });
    expect(unfitKind({ kind: 'pods', apiGroup: `${name}/` })).toMatchObject({ code: 'request.invalid' });
  });
});
