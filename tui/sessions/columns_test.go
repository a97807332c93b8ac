package sessions

import "testing"

func TestOfALongPathTheEndIsShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		w    int
		want string
	}{
		{"/home/anna/data/train.parquet", 29, "/home/anna/data/train.parquet"},
		{"/home/anna/data/train.parquet", 28, "…/anna/data/train.parquet"},
		{"/home/anna/data/train.parquet", 20, "…/data/train.parquet"},
		{"/home/anna/data/train.parquet", 15, "…/train.parquet"},
		{"/home/anna/data/train.parquet", 10, "…/train.parquet"}, // cut at its end by the table
		{"/home/anna/data/", 8, "…/data/"},
		{"→ /workspace/data/train.parquet", 22, "→ …/data/train.parquet"},
		{"← /workspace/data/train.parquet", 18, "← …/train.parquet"},
		{"→ localhost:8080", 8, "→ localhost:8080"},
		{"127.0.0.1:41022", 8, "127.0.0.1:41022"},
		{"my file", 3, "my file"},
		{"", 5, ""},
	} {
		if got := pathEnd(c.text, c.w); got != c.want {
			t.Errorf("%q in %d cells: got %q, want %q", c.text, c.w, got, c.want)
		}
	}
}
