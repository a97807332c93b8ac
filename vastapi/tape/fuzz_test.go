package tape_test

import (
	"bytes"
	"net/http"
	"testing"

	"vastdeck/vastapi/tape"
)

func FuzzOpen(f *testing.F) {
	const head = `{"vastdeck_recording":1,"started":"2026-01-01T00:00:00Z","program":"x"}` + "\n"
	f.Add([]byte(head + `{"at_ms":1,"took_ms":0,"method":"GET","path":"/api/v0/users/current/","status":200,"answer":{"id":1,"created_at":1782000000,"result_url":"[hidden]"}}`))
	f.Add([]byte(head + `{"method":"GET","path":"/api/v0/users/current/","broken":"timeout"}`))
	f.Add([]byte(head))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := tape.Open(bytes.NewReader(file))
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		q, err := http.NewRequestWithContext(cancelled(t), http.MethodGet, "https://console.vast.ai/api/v0/users/current/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := p.RoundTrip(q); err == nil {
			_ = resp.Body.Close()
		}
	})
}
