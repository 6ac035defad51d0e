import type { TypeLines } from '../type-line.ts';

export const coreTypes: TypeLines = {
  AWSElasticBlockStoreVolumeSource: '+volumeID=string! -fsType=string -partition=int -readOnly=bool',
  Affinity: 'nodeAffinity=NodeAffinity podAffinity=PodAffinity podAntiAffinity=PodAntiAffinity',
  AppArmorProfile: '+type=string! localhostProfile=string',
  AttachedVolume: '+name=string! +devicePath=string!',
  AzureDiskVolumeSource:
    '+diskName=string! +diskURI=string! cachingMode=string fsType=string readOnly=bool kind=string',
  AzureFilePersistentVolumeSource: '+secretName=string! +shareName=string! -readOnly=bool *secretNamespace=string',
  AzureFileVolumeSource: '+secretName=string! +shareName=string! -readOnly=bool',
  CSIPersistentVolumeSource:
    '+driver=string! +volumeHandle=string! -readOnly=bool -fsType=string volumeAttributes=string{} controllerPublishSecretRef=SecretReference nodeStageSecretRef=SecretReference nodePublishSecretRef=SecretReference controllerExpandSecretRef=SecretReference nodeExpandSecretRef=SecretReference',
  CSIVolumeSource:
    '+driver=string! readOnly=bool fsType=string volumeAttributes=string{} nodePublishSecretRef=LocalObjectReference',
  Capabilities: 'add=string[] drop=string[]',
  CephFSPersistentVolumeSource:
    '+monitors=string[]! -path=string -user=string -secretFile=string secretRef=SecretReference -readOnly=bool',
  CephFSVolumeSource:
    '+monitors=string[]! -path=string -user=string -secretFile=string secretRef=LocalObjectReference -readOnly=bool',
  CinderPersistentVolumeSource: '+volumeID=string! -fsType=string -readOnly=bool secretRef=SecretReference',
  CinderVolumeSource: '+volumeID=string! -fsType=string -readOnly=bool secretRef=LocalObjectReference',
  ClientIPConfig: 'timeoutSeconds=int',
  ClusterTrustBundleProjection:
    'name=string signerName=string labelSelector=meta.LabelSelector optional=bool +path=string! user=int',
  ConfigMap: '+metadata=meta.ObjectMeta immutable=bool data=string{} binaryData=bytes{}',
  ConfigMapEnvSource: '-name=string optional=bool',
  ConfigMapKeySelector: '~ -name=string +key=string! optional=bool',
  ConfigMapNodeConfigSource:
    '+namespace=string! +name=string! -uid=string -resourceVersion=string +kubeletConfigKey=string!',
  ConfigMapProjection: '-name=string items=KeyToPath[] optional=bool',
  ConfigMapVolumeSource: '-name=string items=KeyToPath[] defaultMode=int optional=bool defaultUser=int',
  Container:
    '+name=string! -image=string command=string[] args=string[] -workingDir=string ports=ContainerPort[containerPort,protocol:TCP]@containerPort envFrom=EnvFromSource[] env=EnvVar[name]@name +resources=ResourceRequirements resizePolicy=ContainerResizePolicy[] restartPolicy=string restartPolicyRules=ContainerRestartRule[] volumeMounts=VolumeMount[mountPath]@mountPath volumeDevices=VolumeDevice[devicePath]@devicePath livenessProbe=Probe readinessProbe=Probe startupProbe=Probe lifecycle=Lifecycle -terminationMessagePath=string -terminationMessagePolicy=string -imagePullPolicy=string securityContext=SecurityContext -stdin=bool -stdinOnce=bool -tty=bool',
  ContainerExtendedResourceRequest: '+containerName=string! +resourceName=string! +requestName=string!',
  ContainerImage: '+names=string[] -sizeBytes=int',
  ContainerPort: '-name=string -hostPort=int +containerPort=int! -protocol=string -hostIP=string',
  ContainerResizePolicy: '+resourceName=string! +restartPolicy=string!',
  ContainerRestartRule: '-action=string! exitCodes=ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: '-operator=string! values=int[set]',
  ContainerState: 'waiting=ContainerStateWaiting running=ContainerStateRunning terminated=ContainerStateTerminated',
  ContainerStateRunning: 'startedAt=time',
  ContainerStateTerminated:
    '+exitCode=int! -signal=int -reason=string -message=string startedAt=time finishedAt=time -containerID=string',
  ContainerStateWaiting: '-reason=string -message=string',
  ContainerStatus:
    '+name=string! +state=ContainerState +lastState=ContainerState +ready=bool! +restartCount=int! +image=string! +imageID=string! -containerID=string started=bool allocatedResources=quantity{} resources=ResourceRequirements volumeMounts=VolumeMountStatus[mountPath]@mountPath user=ContainerUser allocatedResourcesStatus=ResourceStatus[name]@name stopSignal=string',
  ContainerUser: 'linux=LinuxContainerUser',
  DaemonEndpoint: '+Port=int!',
  DownwardAPIProjection: 'items=DownwardAPIVolumeFile[]',
  DownwardAPIVolumeFile:
    '+path=string! fieldRef=ObjectFieldSelector resourceFieldRef=ResourceFieldSelector mode=int user=int',
  DownwardAPIVolumeSource: 'items=DownwardAPIVolumeFile[] defaultMode=int defaultUser=int',
  EmptyDirVolumeSource: '-medium=string sizeLimit=quantity mode=int',
  EndpointAddress: '~ +ip=string! -hostname=string nodeName=string targetRef=ObjectReference',
  EndpointPort: '~ -name=string +port=int! -protocol=string appProtocol=string',
  EndpointSubset: 'addresses=EndpointAddress[] notReadyAddresses=EndpointAddress[] ports=EndpointPort[]',
  Endpoints: '+metadata=meta.ObjectMeta subsets=EndpointSubset[]',
  EnvFromSource: '-prefix=string configMapRef=ConfigMapEnvSource secretRef=SecretEnvSource',
  EnvVar: '+name=string! -value=string valueFrom=EnvVarSource',
  EnvVarSource:
    'fieldRef=ObjectFieldSelector resourceFieldRef=ResourceFieldSelector configMapKeyRef=ConfigMapKeySelector secretKeyRef=SecretKeySelector fileKeyRef=FileKeySelector',
  EphemeralContainer:
    '+name=string! -image=string command=string[] args=string[] -workingDir=string ports=ContainerPort[containerPort,protocol:TCP]@containerPort envFrom=EnvFromSource[] env=EnvVar[name]@name +resources=ResourceRequirements resizePolicy=ContainerResizePolicy[] restartPolicy=string restartPolicyRules=ContainerRestartRule[] volumeMounts=VolumeMount[mountPath]@mountPath volumeDevices=VolumeDevice[devicePath]@devicePath livenessProbe=Probe readinessProbe=Probe startupProbe=Probe lifecycle=Lifecycle -terminationMessagePath=string -terminationMessagePolicy=string -imagePullPolicy=string securityContext=SecurityContext -stdin=bool -stdinOnce=bool -tty=bool -targetContainerName=string',
  EphemeralVolumeSource: 'volumeClaimTemplate=PersistentVolumeClaimTemplate',
  Event:
    '+metadata=meta.ObjectMeta! +involvedObject=ObjectReference! -reason=string -message=string +source=EventSource firstTimestamp=time lastTimestamp=time -count=int -type=string eventTime=microTime series=EventSeries -action=string related=ObjectReference +reportingComponent=string +reportingInstance=string',
  EventSeries: '-count=int lastObservedTime=microTime',
  EventSource: '-component=string -host=string',
  EvictionResponder: '~ +name=string! *priority=int!',
  ExecAction: 'command=string[]',
  FCVolumeSource: 'targetWWNs=string[] lun=int -fsType=string -readOnly=bool wwids=string[]',
  FileKeySelector: '~ +volumeName=string! +path=string! +key=string! optional=bool',
  FlexPersistentVolumeSource:
    '+driver=string! -fsType=string secretRef=SecretReference -readOnly=bool options=string{}',
  FlexVolumeSource: '+driver=string! -fsType=string secretRef=LocalObjectReference -readOnly=bool options=string{}',
  FlockerVolumeSource: '-datasetName=string -datasetUUID=string',
  GCEPersistentDiskVolumeSource: '+pdName=string! -fsType=string -partition=int -readOnly=bool',
  GRPCAction: '+port=int! *service=string mode=string',
  GitRepoVolumeSource: '+repository=string! -revision=string -directory=string',
  GlusterfsPersistentVolumeSource: '+endpoints=string! +path=string! -readOnly=bool endpointsNamespace=string',
  GlusterfsVolumeSource: '+endpoints=string! +path=string! -readOnly=bool',
  HTTPGetAction: '-path=string +port=intOrString! -host=string -scheme=string httpHeaders=HTTPHeader[] protocol=string',
  HTTPHeader: '+name=string! +value=string!',
  HostAlias: '+ip=string! hostnames=string[]',
  HostIP: '+ip=string!',
  HostPathVolumeSource: '+path=string! type=string',
  ISCSIPersistentVolumeSource:
    '+targetPortal=string! +iqn=string! +lun=int! -iscsiInterface=string -fsType=string -readOnly=bool portals=string[] -chapAuthDiscovery=bool -chapAuthSession=bool secretRef=SecretReference initiatorName=string',
  ISCSIVolumeSource:
    '+targetPortal=string! +iqn=string! +lun=int! -iscsiInterface=string -fsType=string -readOnly=bool portals=string[] -chapAuthDiscovery=bool -chapAuthSession=bool secretRef=LocalObjectReference initiatorName=string',
  ImageVolumeSource: '-reference=string -pullPolicy=string',
  ImageVolumeStatus: '-imageRef=string!',
  KeyToPath: '+key=string! +path=string! mode=int user=int',
  Lifecycle: 'postStart=LifecycleHandler preStop=LifecycleHandler stopSignal=string',
  LifecycleHandler: 'exec=ExecAction httpGet=HTTPGetAction tcpSocket=TCPSocketAction sleep=SleepAction',
  LimitRange: '+metadata=meta.ObjectMeta +spec=LimitRangeSpec',
  LimitRangeItem:
    '+type=string! max=quantity{} min=quantity{} default=quantity{} defaultRequest=quantity{} maxLimitRequestRatio=quantity{}',
  LimitRangeSpec: '+limits=LimitRangeItem[]!',
  LinuxContainerUser: '+uid=int! +gid=int! supplementalGroups=int[]',
  LoadBalancerIngress: '-ip=string -hostname=string ipMode=string ports=PortStatus[]',
  LoadBalancerStatus: 'ingress=LoadBalancerIngress[]',
  LocalObjectReference: '~ -name=string',
  LocalVolumeSource: '+path=string! fsType=string',
  ModifyVolumeStatus: '-targetVolumeAttributesClassName=string +status=string!',
  NFSVolumeSource: '+server=string! +path=string! -readOnly=bool',
  Namespace: '+metadata=meta.ObjectMeta +spec=NamespaceSpec +status=NamespaceStatus',
  NamespaceCondition: '+type=string! +status=string! lastTransitionTime=time -reason=string -message=string',
  NamespaceSpec: 'finalizers=string[]',
  NamespaceStatus: '-phase=string conditions=NamespaceCondition[type]@type',
  Node: '+metadata=meta.ObjectMeta +spec=NodeSpec +status=NodeStatus',
  NodeAddress: '+type=string! +address=string!',
  NodeAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution=NodeSelector preferredDuringSchedulingIgnoredDuringExecution=PreferredSchedulingTerm[]',
  NodeAllocatableMappedResources: '+name=string! *quantity=quantity!',
  NodeAllocatableOverheadResources: '+name=string! perPod=quantity perContainer=quantity',
  NodeAllocatableResourceClaimStatus:
    '+resourceClaimName=string! containers=string[set] mapping=NodeAllocatableMappedResources[name]@name overhead=NodeAllocatableOverheadResources[name]@name',
  NodeCondition:
    '+type=string! +status=string! lastHeartbeatTime=time lastTransitionTime=time -reason=string -message=string',
  NodeConfigSource: 'configMap=ConfigMapNodeConfigSource',
  NodeConfigStatus: 'assigned=NodeConfigSource active=NodeConfigSource lastKnownGood=NodeConfigSource -error=string',
  NodeDaemonEndpoints: '+kubeletEndpoint=DaemonEndpoint',
  NodeFeatures: 'supplementalGroupsPolicy=bool',
  NodePodPreemptionPolicy: 'disableResizePreemption=string[set]',
  NodeRuntimeHandler: '+name=string features=NodeRuntimeHandlerFeatures',
  NodeRuntimeHandlerFeatures: 'recursiveReadOnlyMounts=bool userNamespaces=bool',
  NodeSelector: '~ +nodeSelectorTerms=NodeSelectorTerm[]!',
  NodeSelectorRequirement: '+key=string! +operator=string! values=string[]',
  NodeSelectorTerm: '~ matchExpressions=NodeSelectorRequirement[] matchFields=NodeSelectorRequirement[]',
  NodeSpec:
    '-podCIDR=string podCIDRs=string[set]@ -providerID=string -unschedulable=bool taints=Taint[] configSource=NodeConfigSource -externalID=string podPreemptionPolicy=NodePodPreemptionPolicy',
  NodeStatus:
    'capacity=quantity{} allocatable=quantity{} -phase=string conditions=NodeCondition[type]@type addresses=NodeAddress[type]@type +daemonEndpoints=NodeDaemonEndpoints +nodeInfo=NodeSystemInfo images=ContainerImage[] volumesInUse=string[] volumesAttached=AttachedVolume[] config=NodeConfigStatus runtimeHandlers=NodeRuntimeHandler[] features=NodeFeatures declaredFeatures=string[]',
  NodeSwapStatus: 'capacity=int',
  NodeSystemInfo:
    '+machineID=string! +systemUUID=string! +bootID=string! +kernelVersion=string! +osImage=string! +containerRuntimeVersion=string! +kubeletVersion=string! +kubeProxyVersion=string! +operatingSystem=string! +architecture=string! swap=NodeSwapStatus runningInUserNamespace=bool',
  ObjectFieldSelector: '~ -apiVersion=string +fieldPath=string!',
  ObjectReference:
    '~ -kind=string -namespace=string -name=string -uid=string -apiVersion=string -resourceVersion=string -fieldPath=string',
  PersistentVolume: '+metadata=meta.ObjectMeta +spec=PersistentVolumeSpec +status=PersistentVolumeStatus',
  PersistentVolumeClaim:
    '+metadata=meta.ObjectMeta +spec=PersistentVolumeClaimSpec +status=PersistentVolumeClaimStatus',
  PersistentVolumeClaimCondition:
    '+type=string! +status=string! lastProbeTime=time lastTransitionTime=time -reason=string -message=string',
  PersistentVolumeClaimSpec:
    'accessModes=string[] selector=meta.LabelSelector +resources=VolumeResourceRequirements -volumeName=string storageClassName=string volumeMode=string dataSource=TypedLocalObjectReference dataSourceRef=TypedObjectReference volumeAttributesClassName=string',
  PersistentVolumeClaimStatus:
    '-phase=string accessModes=string[] capacity=quantity{} conditions=PersistentVolumeClaimCondition[type]@type allocatedResources=quantity{} allocatedResourceStatuses=string{} currentVolumeAttributesClassName=string modifyVolumeStatus=ModifyVolumeStatus healthStatus=VolumeHealthStatus',
  PersistentVolumeClaimTemplate: '+metadata=meta.ObjectMeta +spec=PersistentVolumeClaimSpec!',
  PersistentVolumeClaimVolumeSource: '+claimName=string! -readOnly=bool',
  PersistentVolumeSpec:
    'capacity=quantity{} gcePersistentDisk=GCEPersistentDiskVolumeSource awsElasticBlockStore=AWSElasticBlockStoreVolumeSource hostPath=HostPathVolumeSource glusterfs=GlusterfsPersistentVolumeSource nfs=NFSVolumeSource rbd=RBDPersistentVolumeSource iscsi=ISCSIPersistentVolumeSource cinder=CinderPersistentVolumeSource cephfs=CephFSPersistentVolumeSource fc=FCVolumeSource flocker=FlockerVolumeSource flexVolume=FlexPersistentVolumeSource azureFile=AzureFilePersistentVolumeSource vsphereVolume=VsphereVirtualDiskVolumeSource quobyte=QuobyteVolumeSource azureDisk=AzureDiskVolumeSource photonPersistentDisk=PhotonPersistentDiskVolumeSource portworxVolume=PortworxVolumeSource scaleIO=ScaleIOPersistentVolumeSource local=LocalVolumeSource storageos=StorageOSPersistentVolumeSource csi=CSIPersistentVolumeSource accessModes=string[] claimRef=ObjectReference -persistentVolumeReclaimPolicy=string -storageClassName=string mountOptions=string[] volumeMode=string nodeAffinity=VolumeNodeAffinity volumeAttributesClassName=string',
  PersistentVolumeStatus: '-phase=string -message=string -reason=string lastPhaseTransitionTime=time',
  PhotonPersistentDiskVolumeSource: '+pdID=string! -fsType=string',
  Pod: '+metadata=meta.ObjectMeta +spec=PodSpec +status=PodStatus',
  PodAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution=PodAffinityTerm[] preferredDuringSchedulingIgnoredDuringExecution=WeightedPodAffinityTerm[]',
  PodAffinityTerm:
    'labelSelector=meta.LabelSelector namespaces=string[] +topologyKey=string! namespaceSelector=meta.LabelSelector matchLabelKeys=string[] mismatchLabelKeys=string[]',
  PodAntiAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution=PodAffinityTerm[] preferredDuringSchedulingIgnoredDuringExecution=WeightedPodAffinityTerm[]',
  PodCertificateProjection:
    '-signerName=string! -keyType=string! maxExpirationSeconds=int -credentialBundlePath=string -keyPath=string -certificateChainPath=string userAnnotations=string{} user=int',
  PodCondition:
    '+type=string! -observedGeneration=int +status=string! lastProbeTime=time lastTransitionTime=time -reason=string -message=string',
  PodDNSConfig: 'nameservers=string[] searches=string[] options=PodDNSConfigOption[]',
  PodDNSConfigOption: '-name=string value=string',
  PodExtendedResourceClaimStatus: '+requestMappings=ContainerExtendedResourceRequest[]! +resourceClaimName=string!',
  PodIP: '+ip=string!',
  PodOS: '+name=string!',
  PodReadinessGate: '+conditionType=string!',
  PodResourceClaim: '+name=string! resourceClaimName=string resourceClaimTemplateName=string',
  PodResourceClaimStatus: '+name=string! resourceClaimName=string',
  PodSchedulingGate: '+name=string!',
  PodSchedulingGroup: 'podGroupName=string',
  PodSecurityContext:
    'seLinuxOptions=SELinuxOptions windowsOptions=WindowsSecurityContextOptions runAsUser=int runAsGroup=int runAsNonRoot=bool supplementalGroups=int[] supplementalGroupsPolicy=string fsGroup=int sysctls=Sysctl[] fsGroupChangePolicy=string seccompProfile=SeccompProfile appArmorProfile=AppArmorProfile seLinuxChangePolicy=string',
  PodSpec:
    'volumes=Volume[name]@name+retainKeys initContainers=Container[name]@name +containers=Container[name]@name! ephemeralContainers=EphemeralContainer[name]@name -restartPolicy=string terminationGracePeriodSeconds=int activeDeadlineSeconds=int -dnsPolicy=string nodeSelector=string{atomic} -serviceAccountName=string -serviceAccount=string automountServiceAccountToken=bool -nodeName=string -hostNetwork=bool -hostPID=bool -hostIPC=bool shareProcessNamespace=bool securityContext=PodSecurityContext imagePullSecrets=LocalObjectReference[name]@name -hostname=string -subdomain=string affinity=Affinity -schedulerName=string tolerations=Toleration[] hostAliases=HostAlias[ip]@ip -priorityClassName=string priority=int dnsConfig=PodDNSConfig readinessGates=PodReadinessGate[] runtimeClassName=string enableServiceLinks=bool preemptionPolicy=string overhead=quantity{} topologySpreadConstraints=TopologySpreadConstraint[topologyKey,whenUnsatisfiable]@topologyKey setHostnameAsFQDN=bool os=PodOS hostUsers=bool schedulingGates=PodSchedulingGate[name]@name resourceClaims=PodResourceClaim[name]@name+retainKeys resources=ResourceRequirements hostnameOverride=string schedulingGroup=PodSchedulingGroup evictionResponders=EvictionResponder[name]@name',
  PodStatus:
    '-observedGeneration=int -phase=string conditions=PodCondition[type]@type -message=string -reason=string -nominatedNodeName=string -hostIP=string hostIPs=HostIP[]@ip -podIP=string podIPs=PodIP[ip]@ip startTime=time initContainerStatuses=ContainerStatus[] containerStatuses=ContainerStatus[] -qosClass=string ephemeralContainerStatuses=ContainerStatus[] -resize=string resourceClaimStatuses=PodResourceClaimStatus[name]@name+retainKeys extendedResourceClaimStatus=PodExtendedResourceClaimStatus allocatedResources=quantity{} resources=ResourceRequirements nodeAllocatableResourceClaimStatuses=NodeAllocatableResourceClaimStatus[resourceClaimName]@resourceClaimName volumeHealth=PodVolumeHealth[name]',
  PodTemplateSpec: '+metadata=meta.ObjectMeta +spec=PodSpec',
  PodVolumeHealth: '+name=string! healthConditions=VolumeHealthCondition[status,reason]@status lastTransitionTime=time',
  PortStatus: '+port=int! +protocol=string! error=string',
  PortworxVolumeSource: '+volumeID=string! -fsType=string -readOnly=bool',
  PreferredSchedulingTerm: '+weight=int! +preference=NodeSelectorTerm!',
  Probe:
    'exec=ExecAction httpGet=HTTPGetAction tcpSocket=TCPSocketAction grpc=GRPCAction -initialDelaySeconds=int -timeoutSeconds=int -periodSeconds=int -successThreshold=int -failureThreshold=int terminationGracePeriodSeconds=int',
  ProjectedVolumeSource: '+sources=VolumeProjection[] defaultMode=int defaultUser=int',
  QuobyteVolumeSource: '+registry=string! +volume=string! -readOnly=bool -user=string -group=string -tenant=string',
  RBDPersistentVolumeSource:
    '+monitors=string[]! +image=string! -fsType=string -pool=string -user=string -keyring=string secretRef=SecretReference -readOnly=bool',
  RBDVolumeSource:
    '+monitors=string[]! +image=string! -fsType=string -pool=string -user=string -keyring=string secretRef=LocalObjectReference -readOnly=bool',
  ReplicationController:
    '+metadata=meta.ObjectMeta +spec=ReplicationControllerSpec +status=ReplicationControllerStatus',
  ReplicationControllerCondition:
    '+type=string! +status=string! lastTransitionTime=time -reason=string -message=string',
  ReplicationControllerSpec: 'replicas=int -minReadySeconds=int selector=string{atomic} template=PodTemplateSpec',
  ReplicationControllerStatus:
    '+replicas=int! -fullyLabeledReplicas=int -readyReplicas=int -availableReplicas=int -observedGeneration=int conditions=ReplicationControllerCondition[type]@type',
  ResourceClaim: '+name=string! -request=string',
  ResourceFieldSelector: '~ -containerName=string +resource=string! divisor=quantity',
  ResourceHealth: '+resourceID=string! -health=string message=string',
  ResourceQuota: '+metadata=meta.ObjectMeta +spec=ResourceQuotaSpec +status=ResourceQuotaStatus',
  ResourceQuotaSpec: 'hard=quantity{} scopes=string[] scopeSelector=ScopeSelector',
  ResourceQuotaStatus: 'hard=quantity{} used=quantity{}',
  ResourceRequirements: 'limits=quantity{} requests=quantity{} claims=ResourceClaim[name]',
  ResourceStatus: '+name=string! resources=ResourceHealth[resourceID]',
  SELinuxOptions: '-user=string -role=string -type=string -level=string',
  ScaleIOPersistentVolumeSource:
    '+gateway=string! +system=string! *secretRef=SecretReference! -sslEnabled=bool -protectionDomain=string -storagePool=string -storageMode=string -volumeName=string -fsType=string -readOnly=bool',
  ScaleIOVolumeSource:
    '+gateway=string! +system=string! *secretRef=LocalObjectReference! -sslEnabled=bool -protectionDomain=string -storagePool=string -storageMode=string -volumeName=string -fsType=string -readOnly=bool',
  ScopeSelector: '~ matchExpressions=ScopedResourceSelectorRequirement[]',
  ScopedResourceSelectorRequirement: '+scopeName=string! +operator=string! values=string[]',
  SeccompProfile: '+type=string! localhostProfile=string',
  Secret: '+metadata=meta.ObjectMeta immutable=bool data=bytes{} stringData=string{} -type=string',
  SecretEnvSource: '-name=string optional=bool',
  SecretKeySelector: '~ -name=string +key=string! optional=bool',
  SecretProjection: '-name=string items=KeyToPath[] optional=bool',
  SecretReference: '~ -name=string -namespace=string',
  SecretVolumeSource: '-secretName=string items=KeyToPath[] defaultMode=int optional=bool defaultUser=int',
  SecurityContext:
    'capabilities=Capabilities privileged=bool seLinuxOptions=SELinuxOptions windowsOptions=WindowsSecurityContextOptions runAsUser=int runAsGroup=int runAsNonRoot=bool readOnlyRootFilesystem=bool allowPrivilegeEscalation=bool procMount=string seccompProfile=SeccompProfile appArmorProfile=AppArmorProfile',
  Service: '+metadata=meta.ObjectMeta +spec=ServiceSpec +status=ServiceStatus',
  ServiceAccount:
    '+metadata=meta.ObjectMeta secrets=ObjectReference[name]@name imagePullSecrets=LocalObjectReference[] automountServiceAccountToken=bool',
  ServiceAccountTokenProjection: '-audience=string expirationSeconds=int +path=string! user=int',
  ServicePort: '-name=string -protocol=string appProtocol=string +port=int! targetPort=intOrString -nodePort=int',
  ServiceSpec:
    'ports=ServicePort[port,protocol:TCP]@port selector=string{atomic} -clusterIP=string clusterIPs=string[] -type=string externalIPs=string[] -sessionAffinity=string -loadBalancerIP=string loadBalancerSourceRanges=string[] -externalName=string -externalTrafficPolicy=string -healthCheckNodePort=int -publishNotReadyAddresses=bool sessionAffinityConfig=SessionAffinityConfig ipFamilies=string[] ipFamilyPolicy=string allocateLoadBalancerNodePorts=bool loadBalancerClass=string internalTrafficPolicy=string trafficDistribution=string',
  ServiceStatus: '+loadBalancer=LoadBalancerStatus conditions=meta.Condition[type]@type',
  SessionAffinityConfig: 'clientIP=ClientIPConfig',
  SleepAction: '+seconds=int!',
  StorageOSPersistentVolumeSource:
    '-volumeName=string -volumeNamespace=string -fsType=string -readOnly=bool secretRef=ObjectReference',
  StorageOSVolumeSource:
    '-volumeName=string -volumeNamespace=string -fsType=string -readOnly=bool secretRef=LocalObjectReference',
  Sysctl: '+name=string! +value=string!',
  TCPSocketAction: '+port=intOrString! -host=string',
  Taint: '+key=string! -value=string +effect=string! timeAdded=time',
  Toleration: '-key=string -operator=string -value=string -effect=string tolerationSeconds=int',
  TopologySelectorLabelRequirement: '+key=string! +values=string[]!',
  TopologySelectorTerm: '~ matchLabelExpressions=TopologySelectorLabelRequirement[]',
  TopologySpreadConstraint:
    '+maxSkew=int! +topologyKey=string! +whenUnsatisfiable=string! labelSelector=meta.LabelSelector minDomains=int nodeAffinityPolicy=string nodeTaintsPolicy=string matchLabelKeys=string[]',
  TypedLocalObjectReference: '~ *apiGroup=string +kind=string! +name=string!',
  TypedObjectReference: '*apiGroup=string +kind=string! +name=string! namespace=string',
  Volume:
    '+name=string! hostPath=HostPathVolumeSource emptyDir=EmptyDirVolumeSource gcePersistentDisk=GCEPersistentDiskVolumeSource awsElasticBlockStore=AWSElasticBlockStoreVolumeSource gitRepo=GitRepoVolumeSource secret=SecretVolumeSource nfs=NFSVolumeSource iscsi=ISCSIVolumeSource glusterfs=GlusterfsVolumeSource persistentVolumeClaim=PersistentVolumeClaimVolumeSource rbd=RBDVolumeSource flexVolume=FlexVolumeSource cinder=CinderVolumeSource cephfs=CephFSVolumeSource flocker=FlockerVolumeSource downwardAPI=DownwardAPIVolumeSource fc=FCVolumeSource azureFile=AzureFileVolumeSource configMap=ConfigMapVolumeSource vsphereVolume=VsphereVirtualDiskVolumeSource quobyte=QuobyteVolumeSource azureDisk=AzureDiskVolumeSource photonPersistentDisk=PhotonPersistentDiskVolumeSource projected=ProjectedVolumeSource portworxVolume=PortworxVolumeSource scaleIO=ScaleIOVolumeSource storageos=StorageOSVolumeSource csi=CSIVolumeSource ephemeral=EphemeralVolumeSource image=ImageVolumeSource',
  VolumeDevice: '+name=string! +devicePath=string!',
  VolumeHealthCondition: '+status=string! +reason=string! -message=string',
  VolumeHealthStatus: 'healthConditions=VolumeHealthCondition[status,reason]@status lastTransitionTime=time',
  VolumeMount:
    '+name=string! -readOnly=bool recursiveReadOnly=string +mountPath=string! -subPath=string mountPropagation=string -subPathExpr=string bindMountOptions=string[set]',
  VolumeMountStatus:
    '+name=string! +mountPath=string! -readOnly=bool recursiveReadOnly=string volumeStatus=VolumeStatus',
  VolumeNodeAffinity: 'required=NodeSelector',
  VolumeProjection:
    'secret=SecretProjection downwardAPI=DownwardAPIProjection configMap=ConfigMapProjection serviceAccountToken=ServiceAccountTokenProjection clusterTrustBundle=ClusterTrustBundleProjection podCertificate=PodCertificateProjection',
  VolumeResourceRequirements: 'limits=quantity{} requests=quantity{}',
  VolumeStatus: 'image=ImageVolumeStatus',
  VsphereVirtualDiskVolumeSource:
    '+volumePath=string! -fsType=string -storagePolicyName=string -storagePolicyID=string',
  WeightedPodAffinityTerm: '+weight=int! +podAffinityTerm=PodAffinityTerm!',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpecName=string gmsaCredentialSpec=string runAsUserName=string hostProcess=bool',
};
