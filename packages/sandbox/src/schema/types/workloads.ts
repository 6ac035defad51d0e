import type { TypeLines } from '../type-line.ts';

export const appsTypes: TypeLines = {
  ControllerRevision: '+metadata=meta.ObjectMeta +data=any! +revision=int',
  DaemonSet: '+metadata=meta.ObjectMeta +spec=DaemonSetSpec! +status=DaemonSetStatus',
  DaemonSetCondition: '+type=string +status=string lastTransitionTime=time -reason=string -message=string',
  DaemonSetSpec:
    '*selector=meta.LabelSelector! +template=core.PodTemplateSpec! +updateStrategy=DaemonSetUpdateStrategy -minReadySeconds=int revisionHistoryLimit=int',
  DaemonSetStatus:
    '+currentNumberScheduled=int! +numberMisscheduled=int! +desiredNumberScheduled=int! +numberReady=int! -observedGeneration=int -updatedNumberScheduled=int -numberAvailable=int -numberUnavailable=int collisionCount=int conditions=DaemonSetCondition[type]@type',
  DaemonSetUpdateStrategy: '-type=string rollingUpdate=RollingUpdateDaemonSet',
  Deployment: '+metadata=meta.ObjectMeta +spec=DeploymentSpec! +status=DeploymentStatus',
  DeploymentCondition:
    '+type=string +status=string lastUpdateTime=time lastTransitionTime=time -reason=string -message=string',
  DeploymentSpec:
    'replicas=int *selector=meta.LabelSelector! +template=core.PodTemplateSpec! +strategy=DeploymentStrategy@retainKeys -minReadySeconds=int revisionHistoryLimit=int -paused=bool progressDeadlineSeconds=int',
  DeploymentStatus:
    '-observedGeneration=int -replicas=int -updatedReplicas=int -readyReplicas=int -availableReplicas=int -unavailableReplicas=int terminatingReplicas=int conditions=DeploymentCondition[type]@type collisionCount=int',
  DeploymentStrategy: '-type=string rollingUpdate=RollingUpdateDeployment',
  ReplicaSet: '+metadata=meta.ObjectMeta +spec=ReplicaSetSpec! +status=ReplicaSetStatus',
  ReplicaSetCondition: '+type=string +status=string lastTransitionTime=time -reason=string -message=string',
  ReplicaSetSpec: 'replicas=int -minReadySeconds=int *selector=meta.LabelSelector! +template=core.PodTemplateSpec',
  ReplicaSetStatus:
    '+replicas=int! -fullyLabeledReplicas=int -readyReplicas=int -availableReplicas=int terminatingReplicas=int -observedGeneration=int conditions=ReplicaSetCondition[type]@type',
  RollingUpdateDaemonSet: 'maxUnavailable=intOrString maxSurge=intOrString',
  RollingUpdateDeployment: 'maxUnavailable=intOrString maxSurge=intOrString',
  RollingUpdateStatefulSetStrategy: 'partition=int maxUnavailable=intOrString',
  StatefulSet: '+metadata=meta.ObjectMeta +spec=StatefulSetSpec! +status=StatefulSetStatus',
  StatefulSetCondition: '+type=string +status=string lastTransitionTime=time -reason=string -message=string',
  StatefulSetOrdinals: '+start=int',
  StatefulSetPersistentVolumeClaimRetentionPolicy: '-whenDeleted=string -whenScaled=string',
  StatefulSetSpec:
    'replicas=int *selector=meta.LabelSelector! +template=core.PodTemplateSpec! volumeClaimTemplates=core.PersistentVolumeClaim[] +serviceName=string -podManagementPolicy=string +updateStrategy=StatefulSetUpdateStrategy revisionHistoryLimit=int -minReadySeconds=int persistentVolumeClaimRetentionPolicy=StatefulSetPersistentVolumeClaimRetentionPolicy ordinals=StatefulSetOrdinals',
  StatefulSetStatus:
    '-observedGeneration=int +replicas=int! -readyReplicas=int -currentReplicas=int -updatedReplicas=int -currentRevision=string -updateRevision=string collisionCount=int conditions=StatefulSetCondition[type]@type +availableReplicas=int',
  StatefulSetUpdateStrategy: '-type=string rollingUpdate=RollingUpdateStatefulSetStrategy',
};

export const batchTypes: TypeLines = {
  CronJob: '+metadata=meta.ObjectMeta +spec=CronJobSpec! +status=CronJobStatus',
  CronJobSpec:
    '+schedule=string! timeZone=string startingDeadlineSeconds=int -concurrencyPolicy=string suspend=bool +jobTemplate=JobTemplateSpec! successfulJobsHistoryLimit=int failedJobsHistoryLimit=int',
  CronJobStatus: 'active=core.ObjectReference[] lastScheduleTime=time lastSuccessfulTime=time',
  Job: '+metadata=meta.ObjectMeta +spec=JobSpec +status=JobStatus',
  JobCondition:
    '+type=string! +status=string! lastProbeTime=time lastTransitionTime=time -reason=string -message=string',
  JobSchedulingConfiguration:
    'schedulingPolicy=scheduling.WorkloadPodGroupSchedulingPolicy schedulingConstraints=scheduling.WorkloadPodGroupSchedulingConstraints disruptionMode=scheduling.WorkloadPodGroupDisruptionMode resourceClaims=scheduling.WorkloadPodGroupResourceClaim[name]@name',
  JobSpec:
    'parallelism=int completions=int activeDeadlineSeconds=int podFailurePolicy=PodFailurePolicy successPolicy=SuccessPolicy backoffLimit=int backoffLimitPerIndex=int maxFailedIndexes=int selector=meta.LabelSelector manualSelector=bool +template=core.PodTemplateSpec! ttlSecondsAfterFinished=int completionMode=string suspend=bool podReplacementPolicy=string managedBy=string scheduling=JobSchedulingConfiguration',
  JobStatus:
    'conditions=JobCondition[]@type startTime=time completionTime=time -active=int -succeeded=int -failed=int terminating=int -completedIndexes=string failedIndexes=string uncountedTerminatedPods=UncountedTerminatedPods ready=int',
  JobTemplateSpec: '+metadata=meta.ObjectMeta +spec=JobSpec',
  PodFailurePolicy: '+rules=PodFailurePolicyRule[]!',
  PodFailurePolicyOnExitCodesRequirement: 'containerName=string +operator=string! +values=int[set]!',
  PodFailurePolicyOnPodConditionsPattern: '+type=string! +status=string',
  PodFailurePolicyRule:
    '+action=string! onExitCodes=PodFailurePolicyOnExitCodesRequirement onPodConditions=PodFailurePolicyOnPodConditionsPattern[]',
  SuccessPolicy: '+rules=SuccessPolicyRule[]!',
  SuccessPolicyRule: 'succeededIndexes=string succeededCount=int',
  UncountedTerminatedPods: 'succeeded=string[set] failed=string[set]',
};

export const autoscalingTypes: TypeLines = {
  ContainerResourceMetricSource: '+name=string! +target=MetricTarget! +container=string!',
  ContainerResourceMetricStatus: '+name=string! +current=MetricValueStatus! +container=string!',
  CrossVersionObjectReference: '+kind=string! +name=string! -apiVersion=string',
  ExternalMetricSource: '+metric=MetricIdentifier! +target=MetricTarget!',
  ExternalMetricStatus: '+metric=MetricIdentifier! +current=MetricValueStatus!',
  HPAScalingPolicy: '+type=string! +value=int! +periodSeconds=int!',
  HPAScalingRules: 'stabilizationWindowSeconds=int selectPolicy=string policies=HPAScalingPolicy[] tolerance=quantity',
  HorizontalPodAutoscaler:
    '+metadata=meta.ObjectMeta +spec=HorizontalPodAutoscalerSpec! +status=HorizontalPodAutoscalerStatus',
  HorizontalPodAutoscalerBehavior: 'scaleUp=HPAScalingRules scaleDown=HPAScalingRules',
  HorizontalPodAutoscalerCondition:
    '+type=string! +status=string! lastTransitionTime=time -reason=string -message=string observedGeneration=int',
  HorizontalPodAutoscalerSpec:
    '+scaleTargetRef=CrossVersionObjectReference! minReplicas=int +maxReplicas=int! metrics=MetricSpec[] behavior=HorizontalPodAutoscalerBehavior',
  HorizontalPodAutoscalerStatus:
    'observedGeneration=int lastScaleTime=time -currentReplicas=int +desiredReplicas=int! +currentMetrics=MetricStatus[] conditions=HorizontalPodAutoscalerCondition[type]@type',
  MetricIdentifier: '+name=string! selector=meta.LabelSelector',
  MetricSpec:
    '+type=string! object=ObjectMetricSource pods=PodsMetricSource resource=ResourceMetricSource containerResource=ContainerResourceMetricSource external=ExternalMetricSource',
  MetricStatus:
    '+type=string! object=ObjectMetricStatus pods=PodsMetricStatus resource=ResourceMetricStatus containerResource=ContainerResourceMetricStatus external=ExternalMetricStatus',
  MetricTarget: '+type=string! value=quantity averageValue=quantity averageUtilization=int',
  MetricValueStatus: 'value=quantity averageValue=quantity averageUtilization=int',
  ObjectMetricSource: '+describedObject=CrossVersionObjectReference! +target=MetricTarget! +metric=MetricIdentifier!',
  ObjectMetricStatus:
    '+metric=MetricIdentifier! +current=MetricValueStatus! +describedObject=CrossVersionObjectReference!',
  PodsMetricSource: '+metric=MetricIdentifier! +target=MetricTarget!',
  PodsMetricStatus: '+metric=MetricIdentifier! +current=MetricValueStatus!',
  ResourceMetricSource: '+name=string! +target=MetricTarget!',
  ResourceMetricStatus: '+name=string! +current=MetricValueStatus!',
};

export const policyTypes: TypeLines = {
  PodDisruptionBudget: '+metadata=meta.ObjectMeta +spec=PodDisruptionBudgetSpec +status=PodDisruptionBudgetStatus',
  PodDisruptionBudgetSpec:
    'minAvailable=intOrString selector=meta.LabelSelector@ maxUnavailable=intOrString unhealthyPodEvictionPolicy=string',
  PodDisruptionBudgetStatus:
    '-observedGeneration=int disruptedPods=time{} +disruptionsAllowed=int +currentHealthy=int +desiredHealthy=int +expectedPods=int conditions=meta.Condition[type]@type',
};

export const schedulingTypes: TypeLines = {
  PriorityClass: '+metadata=meta.ObjectMeta +value=int -globalDefault=bool -description=string preemptionPolicy=string',
  TopologyConstraint: '+key=string!',
  WorkloadPodGroupAllDisruptionMode: '',
  WorkloadPodGroupBasicSchedulingPolicy: '',
  WorkloadPodGroupDisruptionMode: 'single=WorkloadPodGroupSingleDisruptionMode all=WorkloadPodGroupAllDisruptionMode',
  WorkloadPodGroupGangSchedulingPolicy: 'minCount=int',
  WorkloadPodGroupResourceClaim: '+name=string! resourceClaimName=string resourceClaimTemplateName=string',
  WorkloadPodGroupSchedulingConstraints: 'topology=TopologyConstraint[]',
  WorkloadPodGroupSchedulingPolicy:
    'basic=WorkloadPodGroupBasicSchedulingPolicy gang=WorkloadPodGroupGangSchedulingPolicy',
  WorkloadPodGroupSingleDisruptionMode: '',
};
