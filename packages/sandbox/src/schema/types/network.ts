import type { TypeLines } from '../type-line.ts';

export const networkingTypes: TypeLines = {
  HTTPIngressPath: '-path=string *pathType=string! +backend=IngressBackend!',
  HTTPIngressRuleValue: '+paths=HTTPIngressPath[]!',
  IPBlock: '+cidr=string! except=string[]',
  Ingress: '+metadata=meta.ObjectMeta +spec=IngressSpec +status=IngressStatus',
  IngressBackend: 'service=IngressServiceBackend resource=core.TypedLocalObjectReference',
  IngressClass: '+metadata=meta.ObjectMeta +spec=IngressClassSpec',
  IngressClassParametersReference: 'apiGroup=string +kind=string! +name=string! *scope=string namespace=string',
  IngressClassSpec: '-controller=string parameters=IngressClassParametersReference',
  IngressLoadBalancerIngress: '-ip=string -hostname=string ports=IngressPortStatus[]',
  IngressLoadBalancerStatus: 'ingress=IngressLoadBalancerIngress[]',
  IngressPortStatus: '+port=int! +protocol=string! error=string',
  IngressRule: '-host=string http=HTTPIngressRuleValue',
  IngressServiceBackend: '+name=string! +port=ServiceBackendPort',
  IngressSpec: 'ingressClassName=string defaultBackend=IngressBackend tls=IngressTLS[] rules=IngressRule[]',
  IngressStatus: '+loadBalancer=IngressLoadBalancerStatus',
  IngressTLS: 'hosts=string[] -secretName=string',
  NetworkPolicy: '+metadata=meta.ObjectMeta +spec=NetworkPolicySpec',
  NetworkPolicyEgressRule: 'ports=NetworkPolicyPort[] to=NetworkPolicyPeer[]',
  NetworkPolicyIngressRule: 'ports=NetworkPolicyPort[] from=NetworkPolicyPeer[]',
  NetworkPolicyPeer: 'podSelector=meta.LabelSelector namespaceSelector=meta.LabelSelector ipBlock=IPBlock',
  NetworkPolicyPort: 'protocol=string port=intOrString endPort=int',
  NetworkPolicySpec:
    '+podSelector=meta.LabelSelector ingress=NetworkPolicyIngressRule[] egress=NetworkPolicyEgressRule[] policyTypes=string[]',
  ServiceBackendPort: '~ -name=string -number=int',
};

export const discoveryTypes: TypeLines = {
  Endpoint:
    '+addresses=string[set]! +conditions=EndpointConditions hostname=string targetRef=core.ObjectReference deprecatedTopology=string{} nodeName=string zone=string hints=EndpointHints',
  EndpointConditions: 'ready=bool serving=bool terminating=bool',
  EndpointHints: 'forZones=ForZone[] forNodes=ForNode[]',
  EndpointPort: '~ name=string protocol=string port=int appProtocol=string',
  EndpointSlice: '+metadata=meta.ObjectMeta +addressType=string! +endpoints=Endpoint[] +ports=EndpointPort[]',
  ForNode: '+name=string!',
  ForZone: '+name=string!',
};

export const eventsTypes: TypeLines = {
  Event:
    '+metadata=meta.ObjectMeta +eventTime=microTime! series=EventSeries -reportingController=string -reportingInstance=string -action=string -reason=string +regarding=core.ObjectReference related=core.ObjectReference -note=string -type=string +deprecatedSource=core.EventSource deprecatedFirstTimestamp=time deprecatedLastTimestamp=time -deprecatedCount=int',
  EventSeries: '+count=int! +lastObservedTime=microTime!',
};

export const coordinationTypes: TypeLines = {
  Lease: '+metadata=meta.ObjectMeta +spec=LeaseSpec',
  LeaseSpec:
    'holderIdentity=string leaseDurationSeconds=int acquireTime=microTime renewTime=microTime leaseTransitions=int strategy=string preferredHolder=string',
};
