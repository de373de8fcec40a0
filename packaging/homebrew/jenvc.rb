# For a tap. SHA256(FILE) becomes the checksum of what was released: see packaging/README.md.
class Jenvc < Formula
  desc "Compiler for the environments of a JupyterHub"
  homepage "https://github.com/OWNER/jenvc#readme"
  version "0.1.0"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/OWNER/jenvc/releases/download/v0.1.0/jenvc-aarch64-apple-darwin.tar.gz"
      sha256 "SHA256(jenvc-aarch64-apple-darwin.tar.gz)"
    end
    on_intel do
      url "https://github.com/OWNER/jenvc/releases/download/v0.1.0/jenvc-x86_64-apple-darwin.tar.gz"
      sha256 "SHA256(jenvc-x86_64-apple-darwin.tar.gz)"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/OWNER/jenvc/releases/download/v0.1.0/jenvc-aarch64-unknown-linux-gnu.tar.gz"
      sha256 "SHA256(jenvc-aarch64-unknown-linux-gnu.tar.gz)"
    end
    on_intel do
      url "https://github.com/OWNER/jenvc/releases/download/v0.1.0/jenvc-x86_64-unknown-linux-gnu.tar.gz"
      sha256 "SHA256(jenvc-x86_64-unknown-linux-gnu.tar.gz)"
    end
  end

  def install
    bin.install "jenvc"
    generate_completions_from_executable(bin/"jenvc", "completions", shells: [:bash, :zsh, :fish])
    system bin/"jenvc", "man", man1
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/jenvc --version")
    system bin/"jenvc", "init", "classes", "--registry", "ghcr.io/example", "--base", "minimal"
    system bin/"jenvc", "check", "classes"
  end
end
