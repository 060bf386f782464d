package sandbox

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageDir embed.FS

// pageFiles serves the page for people.
func pageFiles() http.Handler {
	files, err := fs.Sub(pageDir, "page")
	if err != nil {
		panic(err) // the directory is compiled in
	}
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'")
		rw.Header().Set("Cache-Control", "no-cache")
		serve.ServeHTTP(rw, r)
	})
}
