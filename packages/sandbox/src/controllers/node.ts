/** The sandbox's one node. */
export const NODE_NAME = 'sandbox-node-1';
export const NODE_IP = '10.0.0.11';
/** Pods get their addresses from 10.244.0.0/16. */
export const POD_NETWORK = '10.244';
