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
  const width = String(
    Math.max(...finding.labels.map((label) => source.placeOf(label.span.start).line), first.line),
  ).length;
  const margin = ' '.repeat(width);
  const lines = [
    `${finding.severity}[E${finding.code}]: ${finding.message}`,
    `${margin} ┌─ :${first.line}:${first.column}`,
    `${margin} │`,
    ...finding.labels.flatMap((label) => renderLabel(label, source, width)),
  ];
  if (finding.notes.length > 0) lines.push(`${margin} │`, ...finding.notes.map((note) => `${margin} = ${note}`));
  return lines.join('\n');
}

/** Longest part of a source line that is shown. */
const MAX_LINE = 200;

function renderLabel(label: Label, source: Source, width: number): string[] {
  const { line, column, lineText } = source.placeOf(label.span.start);
  const shown = lineText.slice(0, MAX_LINE);
  const room = Math.max(shown.length - (column - 1), 1);
  const marks = '^'.repeat(Math.min(Math.max(label.span.end - label.span.start, 1), room));
  // Tabs stay tabs, so that the marks stand under what they mark.
  const lead = shown.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`${String(line).padStart(width)} │ ${shown}`, `${' '.repeat(width)} │ ${lead}${marks} ${label.message}`];
}
