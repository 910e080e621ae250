// A text in which what was searched for is marked.

export interface TextPart {
  text: string;
  isMatch: boolean;
}

export function Marked({ parts }: { parts: TextPart[] }) {
  return parts.map(({ text, isMatch }, index) => (isMatch ? <mark key={index}>{text}</mark> : text));
}
