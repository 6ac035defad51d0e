/** A body that was not read: the status that fits. */
import { publicRefusal, type Refusal } from '@countersign/approvals';
import { type EdgeRefusal, publicEdgeRefusal } from './edge-refusal.ts';
import { type FaultShape, faultResponse } from './fault-response.ts';

export function unreadable(refusal: EdgeRefusal | Refusal, shape: FaultShape): Response {
  if (refusal.code === 'request.too_large') return faultResponse(413, publicRefusal(refusal as Refusal), {}, shape);
  const status = refusal.code === 'http.media_type' ? 415 : 400;
  return faultResponse(status, publicEdgeRefusal(refusal as EdgeRefusal), {}, shape);
}
