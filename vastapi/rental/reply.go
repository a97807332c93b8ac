package rental

import (
	"fmt"
	"net/http"

	"vastdeck/vastapi"
)

// reply is what the server said to a request, as far as the journal keeps it.
type reply struct {
	status int // HTTP status, 0 when there was no answer
	kind   vastapi.Kind
}

func replyOf(res vastapi.Result) reply {
	if e, ok := apiError(res.Err); ok {
		return reply{e.Status, e.Kind}
	}
	return reply{status: http.StatusOK}
}

// brief says what came of a request that may or may not have been carried out.
func (r reply) brief() string {
	switch {
	case r.status == 0:
		return "no answer"
	case r.kind == vastapi.KindTransport || r.kind == vastapi.KindTimeout || r.kind == vastapi.KindCancelled:
		return "the answer broke off"
	case r.kind == vastapi.KindRateLimited:
		return fmt.Sprintf("the server asked to slow down (%d)", r.status)
	case r.status >= http.StatusInternalServerError:
		return fmt.Sprintf("the server answered %d", r.status)
	}
	return fmt.Sprintf("the answer (HTTP %d) could not be made out", r.status)
}

// String is brief as a clause.
func (r reply) String() string {
	if r.status == 0 {
		return "no answer came"
	}
	return r.brief()
}
