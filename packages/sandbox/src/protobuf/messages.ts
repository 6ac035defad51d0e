/**
 * The messages of Kubernetes' protobuf that clients may send, one line each: `<json name>=<field number>:<type>`. Types: another message, or string,
 * bytes, bool, int, time, quantity, intOrString; `*` repeats, `%` is a map from string, `?` is a pointer, whose zero value means something; a field
 * without a name is inlined into its parent; type `-` is skipped (the server ignores it). Taken from the struct tags of k8s.io/api v0.32, without the
 * fields that no `kubectl create` makes: a message that carries one of those is refused, never read in part.
 */
export const messages: Readonly<Record<string, string>> = {
  AggregationRule: 'clusterRoleSelectors=1:LabelSelector*',
  Capabilities: 'add=1:string* drop=2:string*',
  ClientIPConfig: 'timeoutSeconds=1:int?',
  ClusterRole: 'metadata=1:ObjectMeta rules=2:PolicyRule* aggregationRule=3:AggregationRule?',
  ClusterRoleBinding: 'metadata=1:ObjectMeta subjects=2:Subject* roleRef=3:RoleRef',
  ConfigMap: 'metadata=1:ObjectMeta immutable=4:bool? data=2:string% binaryData=3:bytes%',
  ConfigMapEnvSource: '=1:LocalObjectReference optional=2:bool?',
  ConfigMapKeySelector: '=1:LocalObjectReference key=2:string optional=3:bool?',
  ConfigMapVolumeSource: '=1:LocalObjectReference items=2:KeyToPath* defaultMode=3:int? optional=4:bool?',
  Container:
    'name=1:string image=2:string command=3:string* args=4:string* workingDir=5:string ports=6:ContainerPort* envFrom=19:EnvFromSource* env=7:EnvVar* resources=8:ResourceRequirements restartPolicy=24:string? volumeMounts=9:VolumeMount* livenessProbe=10:Probe? readinessProbe=11:Probe? startupProbe=22:Probe? terminationMessagePath=13:string terminationMessagePolicy=20:string imagePullPolicy=14:string securityContext=15:SecurityContext? stdin=16:bool stdinOnce=17:bool tty=18:bool',
  ContainerPort: 'name=1:string hostPort=2:int containerPort=3:int protocol=4:string hostIP=5:string',
  CronJob: 'metadata=1:ObjectMeta spec=2:CronJobSpec status=3:-',
  CronJobSpec:
    'schedule=1:string timeZone=8:string? startingDeadlineSeconds=2:int? concurrencyPolicy=3:string suspend=4:bool? jobTemplate=5:JobTemplateSpec successfulJobsHistoryLimit=6:int? failedJobsHistoryLimit=7:int?',
  CrossVersionObjectReference: 'kind=1:string name=2:string apiVersion=3:string',
  DeleteOptions:
    'gracePeriodSeconds=1:int? preconditions=2:Preconditions? orphanDependents=3:bool? propagationPolicy=4:string? dryRun=5:string* ignoreStoreReadErrorWithClusterBreakingPotential=6:bool?',
  Deployment: 'metadata=1:ObjectMeta spec=2:DeploymentSpec status=3:-',
  DeploymentSpec:
    'replicas=1:int? selector=2:LabelSelector? template=3:PodTemplateSpec strategy=4:DeploymentStrategy minReadySeconds=5:int revisionHistoryLimit=6:int? paused=7:bool progressDeadlineSeconds=9:int?',
  DeploymentStrategy: 'type=1:string rollingUpdate=2:RollingUpdateDeployment?',
  EmptyDirVolumeSource: 'medium=1:string sizeLimit=2:quantity?',
  EnvFromSource: 'prefix=1:string configMapRef=2:ConfigMapEnvSource? secretRef=3:SecretEnvSource?',
  EnvVar: 'name=1:string value=2:string valueFrom=3:EnvVarSource?',
  EnvVarSource:
    'fieldRef=1:ObjectFieldSelector? resourceFieldRef=2:ResourceFieldSelector? configMapKeyRef=3:ConfigMapKeySelector? secretKeyRef=4:SecretKeySelector?',
  ExecAction: 'command=1:string*',
  GRPCAction: 'port=1:int service=2:string?',
  HTTPGetAction: 'path=1:string port=2:intOrString host=3:string scheme=4:string httpHeaders=5:HTTPHeader*',
  HTTPHeader: 'name=1:string value=2:string',
  HTTPIngressPath: 'path=1:string pathType=3:string? backend=2:IngressBackend',
  HTTPIngressRuleValue: 'paths=1:HTTPIngressPath*',
  HorizontalPodAutoscaler: 'metadata=1:ObjectMeta spec=2:HorizontalPodAutoscalerSpec status=3:-',
  HorizontalPodAutoscalerSpec:
    'scaleTargetRef=1:CrossVersionObjectReference minReplicas=2:int? maxReplicas=3:int metrics=4:MetricSpec*',
  HostPathVolumeSource: 'path=1:string type=2:string?',
  Ingress: 'metadata=1:ObjectMeta spec=2:IngressSpec status=3:-',
  IngressBackend: 'service=4:IngressServiceBackend? resource=3:TypedLocalObjectReference?',
  IngressRule: 'host=1:string =2:IngressRuleValue',
  IngressRuleValue: 'http=1:HTTPIngressRuleValue?',
  IngressServiceBackend: 'name=1:string port=2:ServiceBackendPort',
  IngressSpec: 'ingressClassName=4:string? defaultBackend=1:IngressBackend? tls=2:IngressTLS* rules=3:IngressRule*',
  IngressTLS: 'hosts=1:string* secretName=2:string',
  Job: 'metadata=1:ObjectMeta spec=2:JobSpec status=3:-',
  JobSpec:
    'parallelism=1:int? completions=2:int? activeDeadlineSeconds=3:int? backoffLimit=7:int? backoffLimitPerIndex=12:int? maxFailedIndexes=13:int? selector=4:LabelSelector? manualSelector=5:bool? template=6:PodTemplateSpec ttlSecondsAfterFinished=8:int? completionMode=9:string? suspend=10:bool? podReplacementPolicy=14:string? managedBy=15:string?',
  JobTemplateSpec: 'metadata=1:ObjectMeta spec=2:JobSpec',
  KeyToPath: 'key=1:string path=2:string mode=3:int?',
  LabelSelector: 'matchLabels=1:string% matchExpressions=2:LabelSelectorRequirement*',
  LabelSelectorAttributes: 'rawSelector=1:string requirements=2:LabelSelectorRequirement*',
  LabelSelectorRequirement: 'key=1:string operator=2:string values=3:string*',
  LocalObjectReference: 'name=1:string',
  MetricSpec: 'type=1:string resource=4:ResourceMetricSource?',
  MetricTarget: 'type=1:string value=2:quantity? averageValue=3:quantity? averageUtilization=4:int?',
  Namespace: 'metadata=1:ObjectMeta spec=2:NamespaceSpec status=3:-',
  NamespaceSpec: 'finalizers=1:string*',
  NonResourceAttributes: 'path=1:string verb=2:string',
  ObjectFieldSelector: 'apiVersion=1:string fieldPath=2:string',
  ObjectMeta:
    'name=1:string generateName=2:string namespace=3:string selfLink=4:string uid=5:string resourceVersion=6:string generation=7:int creationTimestamp=8:time deletionTimestamp=9:time? deletionGracePeriodSeconds=10:int? labels=11:string% annotations=12:string% ownerReferences=13:OwnerReference* finalizers=14:string*',
  ObjectReference:
    'kind=1:string namespace=2:string name=3:string uid=4:string apiVersion=5:string resourceVersion=6:string fieldPath=7:string',
  OwnerReference:
    'apiVersion=5:string kind=1:string name=3:string uid=4:string controller=6:bool? blockOwnerDeletion=7:bool?',
  Pod: 'metadata=1:ObjectMeta spec=2:PodSpec status=3:-',
  PodDisruptionBudget: 'metadata=1:ObjectMeta spec=2:PodDisruptionBudgetSpec status=3:-',
  PodDisruptionBudgetSpec:
    'minAvailable=1:intOrString? selector=2:LabelSelector? maxUnavailable=3:intOrString? unhealthyPodEvictionPolicy=4:string?',
  PodOS: 'name=1:string',
  PodReadinessGate: 'conditionType=1:string',
  PodSchedulingGate: 'name=1:string',
  PodSecurityContext:
    'runAsUser=2:int? runAsGroup=6:int? runAsNonRoot=3:bool? supplementalGroups=4:int* supplementalGroupsPolicy=12:string? fsGroup=5:int? fsGroupChangePolicy=9:string? seLinuxChangePolicy=13:string?',
  PodSpec:
    'volumes=1:Volume* initContainers=20:Container* containers=2:Container* restartPolicy=3:string terminationGracePeriodSeconds=4:int? activeDeadlineSeconds=5:int? dnsPolicy=6:string nodeSelector=7:string% serviceAccountName=8:string serviceAccount=9:string automountServiceAccountToken=21:bool? nodeName=10:string hostNetwork=11:bool hostPID=12:bool hostIPC=13:bool shareProcessNamespace=27:bool? securityContext=14:PodSecurityContext? imagePullSecrets=15:LocalObjectReference* hostname=16:string subdomain=17:string schedulerName=19:string tolerations=22:Toleration* priorityClassName=24:string priority=25:int? readinessGates=28:PodReadinessGate* runtimeClassName=29:string? enableServiceLinks=30:bool? preemptionPolicy=31:string? setHostnameAsFQDN=35:bool? os=36:PodOS? hostUsers=37:bool? schedulingGates=38:PodSchedulingGate* resources=40:ResourceRequirements?',
  PodTemplateSpec: 'metadata=1:ObjectMeta spec=2:PodSpec',
  PolicyRule:
    'verbs=1:string* apiGroups=2:string* resources=3:string* resourceNames=4:string* nonResourceURLs=5:string*',
  Preconditions: 'uid=1:string? resourceVersion=2:string?',
  Probe:
    '=1:ProbeHandler initialDelaySeconds=2:int timeoutSeconds=3:int periodSeconds=4:int successThreshold=5:int failureThreshold=6:int terminationGracePeriodSeconds=7:int?',
  ProbeHandler: 'exec=1:ExecAction? httpGet=2:HTTPGetAction? tcpSocket=3:TCPSocketAction? grpc=4:GRPCAction?',
  ResourceAttributes:
    'namespace=1:string verb=2:string group=3:string version=4:string resource=5:string subresource=6:string name=7:string labelSelector=9:LabelSelectorAttributes?',
  ResourceFieldSelector: 'containerName=1:string resource=2:string divisor=3:quantity',
  ResourceMetricSource: 'name=1:string target=2:MetricTarget',
  ResourceQuota: 'metadata=1:ObjectMeta spec=2:ResourceQuotaSpec status=3:-',
  ResourceQuotaSpec: 'hard=1:quantity% scopes=2:string*',
  ResourceRequirements: 'limits=1:quantity% requests=2:quantity%',
  Role: 'metadata=1:ObjectMeta rules=2:PolicyRule*',
  RoleBinding: 'metadata=1:ObjectMeta subjects=2:Subject* roleRef=3:RoleRef',
  RoleRef: 'apiGroup=1:string kind=2:string name=3:string',
  RollingUpdateDeployment: 'maxUnavailable=1:intOrString? maxSurge=2:intOrString?',
  Secret: 'metadata=1:ObjectMeta immutable=5:bool? data=2:bytes% stringData=4:string% type=3:string',
  SecretEnvSource: '=1:LocalObjectReference optional=2:bool?',
  SecretKeySelector: '=1:LocalObjectReference key=2:string optional=3:bool?',
  SecretVolumeSource: 'secretName=1:string items=2:KeyToPath* defaultMode=3:int? optional=4:bool?',
  SecurityContext:
    'capabilities=1:Capabilities? privileged=2:bool? runAsUser=4:int? runAsGroup=8:int? runAsNonRoot=5:bool? readOnlyRootFilesystem=6:bool? allowPrivilegeEscalation=7:bool? procMount=9:string?',
  SelfSubjectAccessReview:
    'metadata=1:ObjectMeta spec=2:SelfSubjectAccessReviewSpec status=3:SubjectAccessReviewStatus',
  SelfSubjectAccessReviewSpec:
    'resourceAttributes=1:ResourceAttributes? nonResourceAttributes=2:NonResourceAttributes?',
  SelfSubjectReview: 'metadata=1:ObjectMeta status=2:SelfSubjectReviewStatus',
  SelfSubjectReviewStatus: 'userInfo=1:UserInfo',
  Service: 'metadata=1:ObjectMeta spec=2:ServiceSpec status=3:-',
  ServiceAccount:
    'metadata=1:ObjectMeta secrets=2:ObjectReference* imagePullSecrets=3:LocalObjectReference* automountServiceAccountToken=4:bool?',
  ServiceBackendPort: 'name=1:string number=2:int',
  ServicePort:
    'name=1:string protocol=2:string appProtocol=6:string? port=3:int targetPort=4:intOrString nodePort=5:int',
  ServiceSpec:
    'ports=1:ServicePort* selector=2:string% clusterIP=3:string clusterIPs=18:string* type=4:string externalIPs=5:string* sessionAffinity=7:string loadBalancerIP=8:string loadBalancerSourceRanges=9:string* externalName=10:string externalTrafficPolicy=11:string healthCheckNodePort=12:int publishNotReadyAddresses=13:bool sessionAffinityConfig=14:SessionAffinityConfig? ipFamilies=19:string* ipFamilyPolicy=17:string? allocateLoadBalancerNodePorts=20:bool? loadBalancerClass=21:string? internalTrafficPolicy=22:string? trafficDistribution=23:string?',
  SessionAffinityConfig: 'clientIP=1:ClientIPConfig?',
  Subject: 'kind=1:string apiGroup=2:string name=3:string namespace=4:string',
  SubjectAccessReviewStatus: 'allowed=1:bool denied=4:bool reason=2:string evaluationError=3:string',
  TCPSocketAction: 'port=1:intOrString host=2:string',
  Toleration: 'key=1:string operator=2:string value=3:string effect=4:string tolerationSeconds=5:int?',
  TypedLocalObjectReference: 'apiGroup=1:string? kind=2:string name=3:string',
  UserInfo: 'username=1:string uid=2:string groups=3:string*',
  Volume: 'name=1:string =2:VolumeSource',
  VolumeMount:
    'name=1:string readOnly=2:bool recursiveReadOnly=7:string? mountPath=3:string subPath=4:string mountPropagation=5:string? subPathExpr=6:string',
  VolumeSource:
    'hostPath=1:HostPathVolumeSource? emptyDir=2:EmptyDirVolumeSource? secret=6:SecretVolumeSource? configMap=19:ConfigMapVolumeSource?',
};
