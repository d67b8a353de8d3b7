import type { UpdateMessage } from './update-message.ts';

/** A message as the queue delivered it. */
export interface Delivery {
  messageId: string;
  message: UpdateMessage;
  /** How often the queue has delivered this copy of it, 1 the first time. */
  receives: number;
  /** When the queue drops it, in epoch ms. */
  keptUntil: number;
}

/** How often the queue has delivered an update, earlier copies included. */
export function attemptOf({ message, receives }: Pick<Delivery, 'message' | 'receives'>): number {
  return (message.postponed?.receives ?? 0) + receives;
}
