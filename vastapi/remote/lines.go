package remote

import (
	"bytes"
	"sync"
)

// Stream says from which of its two mouths a command speaks.
type Stream int

// The streams of a command.
const (
	Stdout Stream = iota
	Stderr
)

// maxPiece is how long a line may get before it is handed on without its end, bytes.
const maxPiece = 64 << 10

// meter counts what both streams of a command have given, and closes when it is enough.
type meter struct {
	sync.Mutex
	give    func(Stream, []byte)
	left    int // bytes that may still be given
	given   int64
	dropped int64
}

func (m *meter) pass(s Stream, p []byte) {
	m.Lock()
	defer m.Unlock()
	kept := p
	if len(kept) > m.left {
		// A line that does not fit whole is not begun.
		kept = kept[:bytes.LastIndexByte(kept[:m.left], '\n')+1]
		m.left = 0
	} else {
		m.left -= len(kept)
	}
	m.given += int64(len(kept))
	m.dropped += int64(len(p) - len(kept))
	if len(kept) > 0 && m.give != nil {
		m.give(s, bytes.Clone(kept))
	}
}

// lineWriter hands on what is written to it in complete lines. A line that is longer
// than maxPiece is handed on in pieces, and the last one at the end without its newline.
type lineWriter struct {
	stream Stream
	meter  *meter
	rest   []byte
}

// Write never fails, so that a command whose output is not wanted any more goes on.
func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	if end := bytes.LastIndexByte(p, '\n'); end >= 0 {
		whole := p[:end+1]
		if len(w.rest) > 0 {
			whole = append(w.rest, whole...)
			w.rest = nil
		}
		w.meter.pass(w.stream, whole)
		p = p[end+1:]
	}
	w.rest = append(w.rest, p...)
	if len(w.rest) >= maxPiece {
		w.flush()
	}
	return n, nil
}

func (w *lineWriter) flush() {
	if len(w.rest) > 0 {
		w.meter.pass(w.stream, w.rest)
		w.rest = nil
	}
}
