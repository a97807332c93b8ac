package vastapi

import "bytes"

// buffer returns an empty buffer with room for n bytes and no more: growing one
// would make room for twice of that.
func (c *Client) buffer(n int) *bytes.Buffer { return bytes.NewBuffer(make([]byte, 0, n)) }

// release lets go of the buffer of an answer whose bytes nobody needs any more:
// everything read from it has been copied. None is kept for the next answer: a page
// of 1,000 offers has 2 MB and comes twice a minute.
func (c *Client) release(a *answer) {
	if a != nil {
		a.buf, a.body = nil, nil
	}
}
