package vastapi

import "bytes"

// The rows of an answer are written by one program: nearly always all of them have the
// same fields in the same order. What was found out about the first is tried on the
// others, and looked at anew where it does not hold.

// maxAlike is how many fields of a row are remembered; offers have about a hundred.
const maxAlike = 256

// alike remembers the fields of the last row of an answer, in their order.
type alike struct{ fields []field }

// field is one field of a row as it was written.
type field struct {
	written []byte // the name in its quotes, the colon and what is between
	key     []byte
	use     use
}

// use says what reads a field; the zero use is that it has not been looked for.
type use uint8

// object calls each for every field of an object, as scanner.fields does.
func (a *alike) object(s *scanner, each func(f *field, v value) error) error {
	if s.peek() != '{' {
		return errObject
	}
	s.i++
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for n := 0; ; n++ {
		f, err := a.field(s, n)
		if err != nil {
			return err
		}
		v, err := s.value()
		if err != nil {
			return err
		}
		if err := each(f, v); err != nil {
			return err
		}
		if more, err := s.more('}'); !more {
			return err
		}
	}
}

// field consumes the name of the n-th field. The same bytes are the same name.
func (a *alike) field(s *scanner, n int) (*field, error) {
	s.peek()
	if n < len(a.fields) && bytes.HasPrefix(s.b[s.i:], a.fields[n].written) {
		f := &a.fields[n]
		s.i += len(f.written)
		return f, nil
	}
	start := s.i
	key, err := s.key()
	if err != nil {
		return nil, err
	}
	f := field{written: s.b[start:s.i], key: key}
	switch {
	case n < len(a.fields):
		a.fields[n] = f
	case n < maxAlike:
		a.fields = append(a.fields, f)
	default:
		return &f, nil
	}
	return &a.fields[n], nil
}
