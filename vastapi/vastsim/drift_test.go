package vastsim

import "testing"

// Answers change their shape as a new version of the service would have it.
func TestRowsChangeTheirShape(t *testing.T) {
	u := newUser(t, WithQuietMarket())
	w := u.w
	defer w.Close()
	for _, text := range []string{
		"rename=inet_up_cost>inet_up_price:POST:/api/v0/bundles/", "add=colour:POST:/api/v0/bundles/", "DROP=score:POST:/api/v0/bundles/",
		"words=dph_total:POST:/api/v0/bundles/", "add=colour:GET:/api/v0/users/current/",
	} {
		f, err := ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		w.Fault(f)
	}
	rows := u.must("POST", "/api/v0/bundles/", map[string]any{"limit": 5})["offers"].([]any)
	if len(rows) == 0 {
		t.Fatal("no offers")
	}
	for _, r := range rows {
		row := r.(map[string]any)
		_, old := row["inet_up_cost"]
		_, fresh := row["inet_up_price"]
		_, score := row["score"]
		if price, isText := row["dph_total"].(string); old || !fresh || score || row["colour"] == nil || !isText || price[:6] != "about " {
			t.Errorf("%v", row)
		}
	}
	if me := u.must("GET", "/api/v0/users/current/", nil); me["colour"] == nil {
		t.Errorf("%v", me)
	}
	for _, bad := range []string{"rename=a:GET:", "rename=a>:GET:", "drop:GET:", "drop=:GET:", "add=a>b:GET:"} {
		if f, err := ParseFault(bad); err == nil {
			t.Errorf("%q is %+v", bad, f)
		}
	}
}
