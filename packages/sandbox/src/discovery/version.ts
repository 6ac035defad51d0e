/** What /version answers. The version is the Kubernetes release whose API this one follows; kubectl and libraries decide by it what they may use. */
export const kubernetesVersion = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+countersign-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
} as const;
