import type { ComponentChildren } from 'preact';
import { useKeptFocus } from '../hooks/kept-focus.ts';
import { Sign } from './Sign.tsx';

interface NoticeProps {
  tone: 'info' | 'warn' | 'bad' | 'good';
  title?: string;
  /** Whether screen readers announce it at once. */
  isAlert?: boolean;
  children?: ComponentChildren;
}

const SIGNS = { info: 'i', warn: '!', bad: '✕', good: '✓' } as const;

export function Notice({ tone, title, isAlert = false, children }: NoticeProps) {
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div ref={kept} class={`notice ${tone}`} role={isAlert ? 'alert' : undefined}>
      <span class="notice-sign" aria-hidden="true">
        <Sign>{SIGNS[tone]}</Sign>
      </span>
      <div class="notice-text">
        {title !== undefined && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
