package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// MaxSize is how long a file may be, in bytes. A thousand people fit many
// times over, and the parser's stack stays small whatever is nested in it.
const MaxSize = 256 << 10

// Read reads a file, and no more of it than what is already too much.
func Read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxSize+1))
}

var byteOrderMark = []byte("\ufeff")

// Root parses a file into its one document; nil is an empty one. What cannot
// be parsed is one problem, and an empty document.
func (r *Reader) Root(b []byte) Node {
	if len(b) > MaxSize {
		r.Problem(Place{1, 1}, "the file is too large", fmt.Sprintf("at most %d KiB are read", MaxSize>>10))
		return nil
	}
	b = bytes.TrimPrefix(b, byteOrderMark)
	if at, ok := notUTF8(b); ok {
		r.Problem(at, "this isn't UTF-8", "save the file as UTF-8")
		return nil
	}
	tokens := lexer.Tokenize(string(b))
	if r.tooCostly(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // Pairs finds all duplicates, the parser the first
	if err != nil {
		r.syntax(err)
		return nil
	}
	var root Node
	documents := 0
	for _, doc := range file.Docs {
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			continue
		}
		if documents++; documents == 1 {
			root = doc.Body
			continue
		}
		at := r.Place(doc.Body)
		if doc.Start != nil {
			at = Place{doc.Start.Position.Line, doc.Start.Position.Column}
		}
		r.Problem(at, "a second document starts here", "keep one document: remove the line ---")
	}
	return root
}

// syntax notes what the parser could not read.
func (r *Reader) syntax(err error) {
	at, what := Place{1, 1}, ""
	if located, ok := errors.AsType[yaml.Error](err); ok { // whose Error draws the source, at a price that grows with its square
		at, what = place(located.GetToken()), located.GetMessage()
	} else {
		what = err.Error()
	}
	right := "check the indentation, brackets and quotes here and in the line before; a text with \": \" or \" #\" in it needs quotes"
	switch {
	case strings.Contains(what, "'\t'"):
		what, right = "a tab can't indent", "use spaces"
	case strings.Contains(what, "reserved character"):
		right = "put the value in quotes"
	}
	r.Problem(at, "this isn't YAML: "+what, right)
}

// notUTF8 finds the first byte that is no part of a character.
func notUTF8(b []byte) (Place, bool) {
	at := Place{1, 1}
	for len(b) > 0 {
		c, size := utf8.DecodeRune(b)
		switch {
		case c == utf8.RuneError && size == 1:
			return at, true
		case c == '\n':
			at = Place{at.Line + 1, 1}
		default:
			at.Column++
		}
		b = b[size:]
	}
	return Place{}, false
}
