// A value or the error that stands in its place. Bottom layer: standard library only.
#pragma once
#include <string>
#include <utility>
#include <variant>

namespace keyhole {

/// Wraps an error on its way into a Result: `return Err{"…"}`.
template <class E>
struct Err {
  E error;
};
template <class E>
Err(E) -> Err<E>;
Err(const char*)->Err<std::string>;

/// Either a `T` or an error. Ask first (`if (result)`), then take `value()` or `error()`.
template <class T, class E = std::string>
class Result {
 public:
  Result(T value) : either_(std::in_place_index<0>, std::move(value)) {}
  Result(Err<E> err) : either_(std::in_place_index<1>, std::move(err.error)) {}

  bool ok() const { return either_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<0>(either_); }
  const T& value() const { return std::get<0>(either_); }
  const E& error() const { return std::get<1>(either_); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }

 private:
  std::variant<T, E> either_;
};

}  // namespace keyhole
