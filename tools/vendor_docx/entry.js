// The parts of the library that docx-layout.js uses; all else is left out of the bundle.
export {
  AlignmentType, BuilderElement, Document, Footer, Packer, Paragraph, Table, TableCell, TableRow, TextRun, createAlignment,
} from "docx";
