// N-API, nothing else: types in, types out. Implements `Native` of core/contract/engine.ts.
#include <napi.h>

#include <cstring>

#include "elf/demangle.h"
#include "elf/file_symbols.h"
#include "engine/engine.h"
#include "engine/finding_class.h"
#include "policy/plan_json.h"

namespace {
using namespace keyhole;

template <typename Array, typename T>
Napi::Value column(Napi::Env env, const std::vector<T>& values) {
  auto buffer = Napi::ArrayBuffer::New(env, values.size() * sizeof(T));
  if (!values.empty()) memcpy(buffer.Data(), values.data(), values.size() * sizeof(T));
  return Array::New(env, values.size(), buffer, 0);
}

/// FileSymbols of core/contract/engine.ts.
Napi::Value file_symbols(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto read = read_file_symbols(info[0].As<Napi::String>(), info[1].As<Napi::String>());
  if (!read) throw Napi::Error::New(env, read.error());
  auto out = Napi::Object::New(env);
  out["names"] = Napi::String::New(env, read->names);
  out["start"] = column<Napi::BigUint64Array>(env, read->start);
  out["size"] = column<Napi::BigUint64Array>(env, read->size);
  out["kind"] = column<Napi::Uint8Array>(env, read->kind);
  out["complete"] = Napi::Boolean::New(env, read->complete);
  return out;
}

/// Typed arrays by the column names of core/contract/events.ts.
Napi::Object columns(Napi::Env env, const EventColumns& c) {
  auto out = Napi::Object::New(env);
  out["time"] = column<Napi::Float64Array>(env, c.time);
  out["start"] = column<Napi::Float64Array>(env, c.start);
  out["end"] = column<Napi::Float64Array>(env, c.end);
  out["site"] = column<Napi::Float64Array>(env, c.site);
  out["pid"] = column<Napi::Uint32Array>(env, c.pid);
  out["tid"] = column<Napi::Uint32Array>(env, c.tid);
  out["rights"] = column<Napi::Uint32Array>(env, c.rights);
  out["detail"] = column<Napi::Uint32Array>(env, c.detail);
  out["result"] = column<Napi::Int32Array>(env, c.result);
  out["keyBefore"] = column<Napi::Int8Array>(env, c.key_before);
  out["keyAfter"] = column<Napi::Int8Array>(env, c.key_after);
  out["kind"] = column<Napi::Uint8Array>(env, c.kind);
  out["protBefore"] = column<Napi::Uint8Array>(env, c.prot_before);
  out["protAfter"] = column<Napi::Uint8Array>(env, c.prot_after);
  out["cause"] = column<Napi::Uint8Array>(env, c.cause);
  out["rule"] = column<Napi::Uint8Array>(env, c.rule);
  out["flags"] = column<Napi::Uint8Array>(env, c.flags);
  return out;
}

template <typename Range>
Napi::Array strings(Napi::Env env, const Range& range) {
  auto out = Napi::Array::New(env);
  uint32_t i = 0;
  for (const auto& text : range) out.Set(i++, Napi::String::New(env, text));
  return out;
}

class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Engine",
                       {InstanceMethod("take", &EngineObject::take),
                        InstanceMethod("command", &EngineObject::command),
                        InstanceMethod("close", &EngineObject::close),
                        InstanceAccessor("stdout", &EngineObject::stdout_fd, nullptr),
                        InstanceAccessor("stderr", &EngineObject::stderr_fd, nullptr)});
  }

  explicit EngineObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    notify_ =
        Napi::ThreadSafeFunction::New(info.Env(), info[1].As<Napi::Function>(), "keyhole", 0, 1);
    try {
      const std::string text = info[0].As<Napi::String>();
      const bool attach = info[2].As<Napi::Boolean>();
      engine_ = std::make_unique<Engine>(attach ? parse_attach(text) : parse_config(text),
                                         [this] { notify_.NonBlockingCall(); });
    } catch (const std::exception& e) {
      notify_.Release();
      throw Napi::Error::New(info.Env(), e.what());
    }
  }
  ~EngineObject() override { shut(); }

 private:
  Napi::Value take(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Drained drained = engine_->take();
    auto batch = Napi::Object::New(env);
    batch["count"] = Napi::Number::New(env, static_cast<double>(drained.events.size()));
    batch["columns"] = columns(env, drained.events);
    batch["firstDetail"] = Napi::Number::New(env, drained.events.first_detail);
    batch["details"] = strings(env, drained.events.details);
    auto replies = Napi::Array::New(env);
    for (uint32_t i = 0; i < drained.replies.size(); i++) {
      const Reply& reply = drained.replies[i];
      auto item = Napi::Object::New(env);
      item["id"] = Napi::Number::New(env, reply.id);
      if (!reply.error.empty()) item["error"] = Napi::String::New(env, reply.error);
      if (!reply.value.empty()) item["value"] = Napi::String::New(env, reply.value);
      replies.Set(i, item);
    }
    auto out = Napi::Object::New(env);
    out["batch"] = batch;
    out["replies"] = replies;
    out["done"] = Napi::Boolean::New(env, drained.done);
    return out;
  }

  void command(const Napi::CallbackInfo& info) {
    engine_->command(info[0].As<Napi::Number>(), info[1].As<Napi::String>());
  }
  void close(const Napi::CallbackInfo&) { shut(); }
  Napi::Value stdout_fd(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), engine_->stdout_fd());
  }
  Napi::Value stderr_fd(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), engine_->stderr_fd());
  }

  void shut() {
    if (engine_) engine_->close();
    if (!released_) notify_.Release();
    released_ = true;
  }

  Napi::ThreadSafeFunction notify_;
  std::unique_ptr<Engine> engine_;
  bool released_ = false;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto constructor =
      std::make_shared<Napi::FunctionReference>(Napi::Persistent(EngineObject::define(env)));
  for (const bool attach : {false, true}) {
    const char* name = attach ? "attach" : "launch";
    exports[name] = Napi::Function::New(
        env,
        [constructor, attach](const Napi::CallbackInfo& info) {
          return constructor->New({info[0], info[1], Napi::Boolean::New(info.Env(), attach)});
        },
        name);
  }
  exports["planTls"] = Napi::Function::New(
      env,
      [](const Napi::CallbackInfo& info) {
        return Napi::String::New(info.Env(), plan_tls_json(info[0].As<Napi::String>()));
      },
      "planTls");
  exports["fileSymbols"] = Napi::Function::New(env, file_symbols, "fileSymbols");
  exports["demangled"] = Napi::Function::New(
      env,
      [](const Napi::CallbackInfo& info) -> Napi::Value {
        const auto written = demangled(info[0].As<Napi::String>().Utf8Value());
        return written ? Napi::String::New(info.Env(), *written) : info.Env().Null();
      },
      "demangled");
  exports["hasPku"] = Napi::Function::New(
      env,
      [](const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), cpu_has_pku()); },
      "hasPku");
  exports["names"] = Napi::Function::New(
      env,
      [](const Napi::CallbackInfo& info) {
        const Napi::Env env = info.Env();
        auto out = Napi::Object::New(env);
        std::vector<std::string> rules;
        for (int i = 0; i < kRuleCount; i++) rules.push_back(rule_name(static_cast<Rule>(i)));
        out["kinds"] = strings(env, kEventKindNames);
        out["causes"] = strings(env, kCauseNames);
        out["rules"] = strings(env, rules);
        out["symbols"] = strings(env, kSymbolKindNames);
        out["findings"] = strings(env, kFindingClassNames);
        out["columns"] = columns(env, {}).GetPropertyNames();
        return out;
      },
      "names");
  return exports;
}

}  // namespace

NODE_API_MODULE(keyhole, init)
