package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path all of the program's packages begin with.
const module = "vastdeck"

// source is one Go file as the rules see it.
type source struct {
	path string // from the repository's root, with slashes
	text string
	file *ast.File
	set  *token.FileSet
}

// parse reads a Go file's text, whatever it is built for.
func parse(name, text string) (source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, fmt.Errorf("parsing: %w", err)
	}
	return source{path: name, text: text, file: file, set: set}, nil
}

// folder is where the file lies; it is its package's import path without the module.
func (s source) folder() string { return path.Dir(s.path) }

// test reports whether the file is only built for tests.
func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// line gives the line of a position.
func (s source) line(at token.Pos) int { return s.set.Position(at).Line }

// in reports whether the file lies in one of the folders or below it, or is one of the files.
func (s source) in(places ...string) bool {
	for _, p := range places {
		if s.path == p || strings.HasPrefix(s.path, p+"/") {
			return true
		}
	}
	return false
}

// imports gives the file's imports by path, with the line of each.
func (s source) imports() map[string]int {
	found := map[string]int{}
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[p] = s.line(spec.Pos())
		}
	}
	return found
}

// nameOf gives the name under which the file knows a package, and "" when it does not import it.
func (s source) nameOf(importPath string) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value != strconv.Quote(importPath) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return packageName(importPath)
	}
	return ""
}

// packageName guesses a package's own name from its path: the last part that is not a version.
func packageName(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
		if base == "bubbletea" {
			return "tea"
		}
	}
	return base
}

// names gives the lines on which the file names something of a package for which wanted reports true.
func (s source) names(importPath string, wanted func(name string) bool) map[int]string {
	found := map[int]string{}
	pkg := s.nameOf(importPath)
	if pkg == "" {
		return found
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && wanted(sel.Sel.Name) {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
				found[s.line(sel.Pos())] = pkg + "." + sel.Sel.Name
			}
		}
		return true
	})
	return found
}

// isPackage reports whether an expression is the name of a package the file imports.
func (s source) isPackage(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	if !ok {
		return false
	}
	for p := range s.imports() {
		if s.nameOf(p) == id.Name {
			return true
		}
	}
	return false
}

// methods gives the lines on which a method of the name is called with so many arguments.
func (s source) methods(name string, args int) []int {
	var found []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != args {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == name && !s.isPackage(sel.X) {
			found = append(found, s.line(sel.Sel.Pos()))
		}
		return true
	})
	return found
}

// tree is the repository.
type tree struct {
	sources []source
	top     []string // entries of the root
	gomod   string
	ignored []string // what .gitignore names at the root
}

// readTree reads the repository above the test's folder.
func readTree(t *testing.T) tree {
	t.Helper()
	root := repositoryRoot(t)
	var r tree
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		r.top = append(r.top, e.Name())
	}
	r.gomod = mustRead(t, filepath.Join(root, "go.mod"))
	if slices.Contains(r.top, ".gitignore") {
		for line := range strings.Lines(mustRead(t, filepath.Join(root, ".gitignore"))) {
			r.ignored = append(r.ignored, strings.Trim(strings.TrimSpace(line), "/"))
		}
	}
	err = filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		if e.IsDir() && file != root && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(rel), mustRead(t, file))
		if err != nil {
			return err
		}
		r.sources = append(r.sources, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func repositoryRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		t.Fatal("no go.mod above the test's folder")
	}
}

func mustRead(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
