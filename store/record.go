package store

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"
)

const (
	// sumLength is the length of the checksum in front of each line, in hexadecimal digits.
	sumLength = 8
	// maxLine is the longest line a journal takes, in bytes. Records are some hundred bytes; a
	// longer one is a mistake of the caller.
	maxLine = 1 << 20
)

var castagnoli = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })

// ErrDamaged says that a journal file holds, before its end, something that was never written
// there: a bad disk or a foreign hand. What the operations in it came to is not known, so the
// caller must refuse to spend; the file is left as it is. Use errors.As with *ErrDamaged.
type ErrDamaged struct {
	Path   string // the file
	Record int    // number of the first bad record, from 1
	Offset int64  // where that record begins, in bytes
	Reason string
}

// Error names the file and the place.
func (e *ErrDamaged) Error() string {
	return fmt.Sprintf("read the journal: %s is damaged at record %d (byte %d): %s", e.Path, e.Record, e.Offset, e.Reason)
}

// frame returns the line as it stands in a file: checksum, space, line, newline.
func frame(line []byte) ([]byte, error) {
	if bytes.IndexByte(line, '\n') >= 0 {
		return nil, errors.New("the line contains a newline")
	}
	if len(line) > maxLine {
		return nil, fmt.Errorf("the line has %d bytes, more than %d", len(line), maxLine)
	}
	return frameUnchecked(line), nil
}

func frameUnchecked(line []byte) []byte {
	framed := fmt.Appendf(make([]byte, 0, len(line)+sumLength+2), "%08x ", crc32.Checksum(line, castagnoli()))
	return append(append(framed, line...), '\n')
}

// unframe returns the line of a frame that has lost its newline, and whether its sum is right.
func unframe(framed []byte) ([]byte, bool) {
	if len(framed) < sumLength+1 || framed[sumLength] != ' ' {
		return nil, false
	}
	line := framed[sumLength+1:]
	// The sum is compared as text: another spelling of the same number is damage as well.
	return line, string(framed[:sumLength]) == fmt.Sprintf("%08x", crc32.Checksum(line, castagnoli()))
}

// parse splits the content of the file at path into lines. good is the length of the part that
// holds them: what follows is a torn record, written while the process or the disk gave out,
// which never counted. The lines before a damaged record are returned with the error.
func parse(path string, data []byte) (lines [][]byte, good int64, err error) {
	rest := data
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		line, ok := unframe(rest[:end])
		if !ok {
			return lines, good, damaged(path, lines, good, "the checksum does not match")
		}
		lines = append(lines, line)
		good += int64(end) + 1
		rest = rest[end+1:]
	}
	// A record whose newline alone was changed was complete once: dropping it as torn would
	// lose it silently.
	if len(rest) > 0 {
		if _, whole := unframe(rest[:len(rest)-1]); whole {
			return lines, good, damaged(path, lines, good, "its newline was changed")
		}
	}
	return lines, good, nil
}

func damaged(path string, lines [][]byte, offset int64, reason string) error {
	return &ErrDamaged{Path: path, Record: len(lines) + 1, Offset: offset, Reason: reason}
}
