"""From pixels to vectors: the classic descriptor and one-file ONNX models."""
