import type { TypeLines } from '../type-line.ts';

export const metaTypes: TypeLines = {
  Condition:
    '+type=string! +status=string! -observedGeneration=int +lastTransitionTime=time! +reason=string! +message=string!',
  LabelSelector: '~ matchLabels=string{} matchExpressions=LabelSelectorRequirement[]',
  LabelSelectorRequirement: '+key=string! +operator=string! values=string[]',
  ManagedFieldsEntry:
    '-manager=string -operation=string -apiVersion=string time=time -fieldsType=string fieldsV1=any -subresource=string',
  ObjectMeta:
    '-name=string -generateName=string -namespace=string -selfLink=string -uid=string -resourceVersion=string -generation=int creationTimestamp=time deletionTimestamp=time deletionGracePeriodSeconds=int labels=string{} annotations=string{} ownerReferences=OwnerReference[uid]@uid finalizers=string[set]@ managedFields=ManagedFieldsEntry[]',
  OwnerReference:
    '~ +apiVersion=string! +kind=string! +name=string! +uid=string! controller=bool blockOwnerDeletion=bool',
};

export const rbacTypes: TypeLines = {
  AggregationRule: 'clusterRoleSelectors=meta.LabelSelector[]',
  ClusterRole: '+metadata=meta.ObjectMeta +rules=PolicyRule[] aggregationRule=AggregationRule',
  ClusterRoleBinding: '+metadata=meta.ObjectMeta subjects=Subject[] +roleRef=RoleRef!',
  PolicyRule: '+verbs=string[]! apiGroups=string[] resources=string[] resourceNames=string[] nonResourceURLs=string[]',
  Role: '+metadata=meta.ObjectMeta +rules=PolicyRule[]',
  RoleBinding: '+metadata=meta.ObjectMeta subjects=Subject[] +roleRef=RoleRef!',
  RoleRef: '~ +apiGroup=string +kind=string! +name=string!',
  Subject: '~ +kind=string! -apiGroup=string +name=string! -namespace=string',
};

export const admissionregistrationTypes: TypeLines = {
  AuditAnnotation: '+key=string! +valueExpression=string!',
  ExpressionWarning: '+fieldRef=string! +warning=string!',
  MatchCondition: '+name=string! +expression=string!',
  MatchResources:
    '~ namespaceSelector=meta.LabelSelector objectSelector=meta.LabelSelector resourceRules=NamedRuleWithOperations[] excludeResourceRules=NamedRuleWithOperations[] matchPolicy=string',
  MutatingWebhook:
    '+name=string! +clientConfig=WebhookClientConfig! rules=RuleWithOperations[] failurePolicy=string matchPolicy=string namespaceSelector=meta.LabelSelector objectSelector=meta.LabelSelector *sideEffects=string! timeoutSeconds=int +admissionReviewVersions=string[]! reinvocationPolicy=string matchConditions=MatchCondition[name]@name',
  MutatingWebhookConfiguration: '+metadata=meta.ObjectMeta webhooks=MutatingWebhook[name]@name',
  NamedRuleWithOperations:
    '~ resourceNames=string[] operations=string[] apiGroups=string[] apiVersions=string[] resources=string[] scope=string',
  ParamKind: '~ -apiVersion=string -kind=string',
  ParamRef: '~ -name=string -namespace=string selector=meta.LabelSelector parameterNotFoundAction=string',
  RuleWithOperations: 'operations=string[] apiGroups=string[] apiVersions=string[] resources=string[] scope=string',
  ServiceReference: '+namespace=string! +name=string! path=string port=int',
  TypeChecking: 'expressionWarnings=ExpressionWarning[]',
  ValidatingAdmissionPolicy:
    '+metadata=meta.ObjectMeta +spec=ValidatingAdmissionPolicySpec +status=ValidatingAdmissionPolicyStatus',
  ValidatingAdmissionPolicyBinding: '+metadata=meta.ObjectMeta +spec=ValidatingAdmissionPolicyBindingSpec!',
  ValidatingAdmissionPolicyBindingSpec:
    '-policyName=string! paramRef=ParamRef matchResources=MatchResources validationActions=string[set]!',
  ValidatingAdmissionPolicySpec:
    'paramKind=ParamKind matchConstraints=MatchResources validations=Validation[] failurePolicy=string auditAnnotations=AuditAnnotation[] matchConditions=MatchCondition[name]@name variables=Variable[name]@name',
  ValidatingAdmissionPolicyStatus: '-observedGeneration=int typeChecking=TypeChecking conditions=meta.Condition[type]',
  ValidatingWebhook:
    '+name=string! +clientConfig=WebhookClientConfig! rules=RuleWithOperations[] failurePolicy=string matchPolicy=string namespaceSelector=meta.LabelSelector objectSelector=meta.LabelSelector *sideEffects=string! timeoutSeconds=int +admissionReviewVersions=string[]! matchConditions=MatchCondition[name]@name',
  ValidatingWebhookConfiguration: '+metadata=meta.ObjectMeta webhooks=ValidatingWebhook[name]@name',
  Validation: '+expression=string! -message=string reason=string -messageExpression=string',
  Variable: '~ +name=string! +expression=string!',
  WebhookClientConfig: 'url=string service=ServiceReference caBundle=bytes',
};

export const apiextensionsTypes: TypeLines = {
  CustomResourceColumnDefinition:
    '+name=string! +type=string! -format=string -description=string -priority=int +jsonPath=string!',
  CustomResourceConversion: '+strategy=string! webhook=WebhookConversion',
  CustomResourceDefinition:
    '+metadata=meta.ObjectMeta +spec=CustomResourceDefinitionSpec! +status=CustomResourceDefinitionStatus',
  CustomResourceDefinitionCondition:
    '+type=string! +status=string! lastTransitionTime=time -reason=string -message=string -observedGeneration=int',
  CustomResourceDefinitionNames:
    '+plural=string! -singular=string shortNames=string[] +kind=string! -listKind=string categories=string[]',
  CustomResourceDefinitionSpec:
    '+group=string! +names=CustomResourceDefinitionNames! +scope=string! +versions=CustomResourceDefinitionVersion[]! conversion=CustomResourceConversion -preserveUnknownFields=bool',
  CustomResourceDefinitionStatus:
    '+conditions=CustomResourceDefinitionCondition[type] +acceptedNames=CustomResourceDefinitionNames +storedVersions=string[] -observedGeneration=int',
  CustomResourceDefinitionVersion:
    '+name=string! +served=bool! +storage=bool! -deprecated=bool deprecationWarning=string schema=CustomResourceValidation subresources=CustomResourceSubresources additionalPrinterColumns=CustomResourceColumnDefinition[] selectableFields=SelectableField[]',
  CustomResourceSubresourceScale: '+specReplicasPath=string! +statusReplicasPath=string! labelSelectorPath=string',
  CustomResourceSubresourceStatus: '',
  CustomResourceSubresources: 'status=CustomResourceSubresourceStatus scale=CustomResourceSubresourceScale',
  CustomResourceValidation: 'openAPIV3Schema=JSONSchemaProps',
  ExternalDocumentation: '-description=string -url=string',
  JSONSchemaProps:
    '-id=string -$schema=string $ref=string -description=string -type=string -format=string -title=string default=any maximum=number -exclusiveMaximum=bool minimum=number -exclusiveMinimum=bool maxLength=int minLength=int -pattern=string maxItems=int minItems=int -uniqueItems=bool multipleOf=number enum=any[] maxProperties=int minProperties=int required=string[] items=any allOf=JSONSchemaProps[] oneOf=JSONSchemaProps[] anyOf=JSONSchemaProps[] not=JSONSchemaProps properties=JSONSchemaProps{} additionalProperties=any patternProperties=JSONSchemaProps{} dependencies=any{} additionalItems=any definitions=JSONSchemaProps{} externalDocs=ExternalDocumentation example=any -nullable=bool x-kubernetes-preserve-unknown-fields=bool -x-kubernetes-embedded-resource=bool -x-kubernetes-int-or-string=bool x-kubernetes-list-map-keys=string[] x-kubernetes-list-type=string x-kubernetes-map-type=string x-kubernetes-validations=ValidationRule[rule]@rule',
  SelectableField: '+jsonPath=string!',
  ServiceReference: '+namespace=string! +name=string! path=string port=int',
  ValidationRule:
    '+rule=string! -message=string -messageExpression=string reason=string -fieldPath=string optionalOldSelf=bool',
  WebhookClientConfig: 'url=string service=ServiceReference caBundle=bytes',
  WebhookConversion: 'clientConfig=WebhookClientConfig +conversionReviewVersions=string[]!',
};

export const storageTypes: TypeLines = {
  StorageClass:
    '+metadata=meta.ObjectMeta +provisioner=string! parameters=string{} reclaimPolicy=string mountOptions=string[] allowVolumeExpansion=bool volumeBindingMode=string allowedTopologies=core.TopologySelectorTerm[]',
};
