import type { Finding, Label } from './checker/diagnostic';
import type { Diagnostic } from './errors';
import type { Source } from './syntax/source';

/** The finding as hosts get it. */
export function toDiagnostic(finding: Finding, source: Source): Diagnostic {
  const { code, message, severity, span, notes } = finding;
  return {
    code,
    message,
    severity,
    start: source.byteOffset(span.start),
    end: source.byteOffset(span.end),
    labels: finding.labels.map((label) => ({
      message: label.message,
      start: source.byteOffset(label.span.start),
      end: source.byteOffset(label.span.end),
    })),
    notes,
  };
}

/** All findings with the lines that they are about, as a compiler shows them. */
export function renderFindings(findings: readonly Finding[], source: Source): string {
  return findings.map((finding) => renderFinding(finding, source)).join('\n\n');
}

function renderFinding(finding: Finding, source: Source): string {
  const first = source.placeOf(finding.span.start);
  // From top to bottom, whatever is primary.
  const labels = [...finding.labels].sort((a, b) => a.span.start - b.span.start);
  const width = String(Math.max(...labels.map((label) => source.placeOf(label.span.start).line), first.line)).length;
  const margin = ' '.repeat(width);
  const lines = [
    `${finding.severity}[E${finding.code}]: ${finding.message}`,
    `${margin} ┌─ :${first.line}:${first.column}`,
    `${margin} │`,
  ];
  let shownLine = 0;
  for (const label of labels) {
    const { line, lineText } = source.placeOf(label.span.start);
    if (line > shownLine) {
      if (shownLine > 0 && line > shownLine + 1) lines.push(`${margin} ·`);
      lines.push(`${String(line).padStart(width)} │ ${lineText.slice(0, MAX_LINE)}`);
      shownLine = line;
    }
    lines.push(`${margin} │ ${renderMarks(label, source, label === finding.labels[0] ? '^' : '-')}`);
  }
  if (finding.notes.length > 0) lines.push(`${margin} │`, ...finding.notes.map((note) => `${margin} = ${note}`));
  return lines.join('\n');
}

/** Longest part of a source line that is shown. */
const MAX_LINE = 200;

/** Marks under the label's place in its line (the first of several), and what it says. */
function renderMarks(label: Label, source: Source, mark: string): string {
  const { column, lineText } = source.placeOf(label.span.start);
  const shown = lineText.slice(0, MAX_LINE);
  const room = Math.max(shown.length - (column - 1), 1);
  const marks = mark.repeat(Math.min(Math.max(label.span.end - label.span.start, 1), room));
  // Tabs stay tabs, so that the marks stand under what they mark.
  const lead = shown.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${lead}${marks} ${label.message}`;
}
