import { useRef, useState } from 'preact/hooks';
import { bytesText } from '../model/words.ts';

interface DropZoneProps {
  file: File | undefined;
  onFile: (file: File) => void;
  /** Id of the message that a file is missing. */
  faultId: string;
}

/** Takes a file that is dropped or chosen. */
export function DropZone({ file, onFile, faultId }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    const dropped = event.dataTransfer?.files[0];
    if (dropped !== undefined) onFile(dropped);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: who cannot drag uses the field in it
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        // Moving to a child is not leaving.
        if (!currentTarget.contains(relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={drop}
    >
      <svg class="drop-sign" viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
        <path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3" />
      </svg>
      <p role="status">
        <strong class="file-name">{file === undefined ? 'Drop a file here' : file.name}</strong>
        <br />
        <span class="muted">
          {file === undefined ? '.csv, .xlsx, .json or .ndjson' : bytesText(file.size)}
        </span>
      </p>
      <input
        ref={input}
        id="file"
        type="file"
        class="visually-hidden"
        accept=".csv,.tsv,.txt,.xlsx,.xlsm,.json,.ndjson,.jsonl,text/csv,application/json,application/x-ndjson,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        aria-describedby={faultId}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen !== undefined) onFile(chosen);
        }}
      />
      <label for="file" class="button">
        {file === undefined ? 'Choose a file' : 'Choose another file'}
      </label>
    </div>
  );
}
